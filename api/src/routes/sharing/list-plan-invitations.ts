import { listPlanInvitations as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listPlanInvitations = procedure.sharing.listPlanInvitations.handler(({ context, input }) =>
	list(inProject(context, input.params), input.params.planId),
);
