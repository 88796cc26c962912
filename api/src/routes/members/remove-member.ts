import { removeMember as remove } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const removeMember = procedure.members.removeMember.handler(async ({ context, input }) => {
	await remove(inProject(context, input.params), input.params.userId);
	return {};
});
