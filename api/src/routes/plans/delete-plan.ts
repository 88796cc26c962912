import { parseIfMatch, deletePlan as remove } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const deletePlan = procedure.plans.deletePlan.handler(async ({ context, input }) => {
	await remove(inProject(context, input.params), input.params.planId, parseIfMatch(input.headers["if-match"]));
	return {};
});
