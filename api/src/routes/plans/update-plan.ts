import { parseIfMatch, updatePlan as update } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const updatePlan = procedure.plans.updatePlan.handler(async ({ context, input }) => {
	const expected = parseIfMatch(input.headers["if-match"]);
	const plan = await update(inProject(context, input.params), input.params.planId, input.body, expected);
	context.reply.version(plan.version);
	return plan;
});
