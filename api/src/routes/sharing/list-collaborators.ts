import { listCollaborators as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listCollaborators = procedure.sharing.listCollaborators.handler(({ context, input }) =>
	list(inProject(context, input.params), input.params.planId),
);
