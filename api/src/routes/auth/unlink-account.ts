import { unlinkAccount as unlink } from "@agentplanner/core";
import { procedure } from "../../procedure.ts";

export const unlinkAccount = procedure.auth.unlinkAccount.handler(async ({ context, input }) => {
	await unlink(context.core, input.params.linkedAccountId);
	return {};
});
