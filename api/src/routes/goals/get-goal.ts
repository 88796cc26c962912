import { getGoal as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getGoal = procedure.goals.getGoal.handler(async ({ context, input }) => {
	const goal = await get(inProject(context, input.params), input.params.goalId);
	context.reply.version(goal.version);
	return goal;
});
