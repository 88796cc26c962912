import { logOut } from "@agentplanner/core";
import { procedure } from "../../procedure.ts";

export const logout = procedure.auth.logout.handler(async ({ context }) => {
	await logOut(context.core);
	context.reply.endSession();
	return {};
});
