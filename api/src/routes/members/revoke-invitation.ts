import { revokeInvitation as revoke } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const revokeInvitation = procedure.members.revokeInvitation.handler(async ({ context, input }) => {
	await revoke(inProject(context, input.params), input.params.invitationId);
	return {};
});
