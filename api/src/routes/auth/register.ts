import { registerUser } from "@agentplanner/core";
import { procedure } from "../../procedure.ts";

export const register = procedure.auth.register.handler(async ({ context, input }) => {
	await context.loginLimiter.countSignUp(context.clientAddress);
	const { token, session } = await registerUser(context.core, input.body, {
		signup: context.config.signup,
		userAgent: context.userAgent,
	});
	context.reply.startSession(token, session);
	return session;
});
