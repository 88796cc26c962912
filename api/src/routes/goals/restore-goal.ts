import { restoreGoal as restore } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const restoreGoal = procedure.goals.restoreGoal.handler(({ context, input }) =>
	restore(inProject(context, input.params), input.params.goalId),
);
