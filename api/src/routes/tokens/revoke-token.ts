import { revokeToken as revoke } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const revokeToken = procedure.tokens.revokeToken.handler(async ({ context, input }) => {
	await revoke(inProject(context, input.params), input.params.tokenId);
	return {};
});
