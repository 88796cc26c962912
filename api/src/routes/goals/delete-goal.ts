import { deleteGoal as remove } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const deleteGoal = procedure.goals.deleteGoal.handler(async ({ context, input }) => {
	await remove(inProject(context, input.params), input.params.goalId);
	return {};
});
