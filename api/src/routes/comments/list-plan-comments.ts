import { listComments } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listPlanComments = procedure.comments.listPlanComments.handler(({ context, input }) =>
	listComments(inProject(context, input.params), { planId: input.params.planId }, input.query),
);
