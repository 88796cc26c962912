import { parseIfMatch, setVisibility as set } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const setVisibility = procedure.sharing.setVisibility.handler(async ({ context, input }) => {
	const expected = parseIfMatch(input.headers["if-match"]);
	const plan = await set(inProject(context, input.params), input.params.planId, input.body, expected);
	context.reply.version(plan.version);
	return plan;
});
