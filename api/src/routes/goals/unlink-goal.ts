import { unlinkGoal as unlink } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const unlinkGoal = procedure.goals.unlinkGoal.handler(async ({ context, input }) => {
	const goal = await unlink(inProject(context, input.params), input.params.goalId, input.params.linkId);
	context.reply.version(goal.version);
	return goal;
});
