import { revokePlanInvitation as revoke } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const revokePlanInvitation = procedure.sharing.revokePlanInvitation.handler(async ({ context, input }) => {
	await revoke(inProject(context, input.params), input.params.planId, input.params.invitationId);
	return {};
});
