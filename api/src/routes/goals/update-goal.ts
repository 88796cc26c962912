import { parseIfMatch, updateGoal as update } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const updateGoal = procedure.goals.updateGoal.handler(async ({ context, input }) => {
	const expected = parseIfMatch(input.headers["if-match"]);
	const goal = await update(inProject(context, input.params), input.params.goalId, input.body, expected);
	context.reply.version(goal.version);
	return goal;
});
