import { endSession as end, requireUser } from "@agentplanner/core";
import { procedure } from "../../procedure.ts";

export const endSession = procedure.auth.endSession.handler(async ({ context, input }) => {
	const { sessionId } = input.params;
	await end(context.core, sessionId);
	if (requireUser(context.core).sessionId === sessionId.toLowerCase()) context.reply.endSession();
	return {};
});
