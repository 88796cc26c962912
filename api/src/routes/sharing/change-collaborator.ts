import { changeCollaborator as change } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const changeCollaborator = procedure.sharing.changeCollaborator.handler(({ context, input }) =>
	change(inProject(context, input.params), input.params.planId, input.params.userId, input.body),
);
