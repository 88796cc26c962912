import { linkGoal as link } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const linkGoal = procedure.goals.linkGoal.handler(({ context, input }) =>
	link(inProject(context, input.params), input.params.goalId, input.body),
);
