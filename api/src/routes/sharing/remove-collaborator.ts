import { removeCollaborator as remove } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const removeCollaborator = procedure.sharing.removeCollaborator.handler(async ({ context, input }) => {
	await remove(inProject(context, input.params), input.params.planId, input.params.userId);
	return {};
});
