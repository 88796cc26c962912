import { logIn, UnauthorizedError } from "@agentplanner/core";
import { procedure } from "../../procedure.ts";

export const login = procedure.auth.login.handler(async ({ context, input }) => {
	const { token, session } = await context.loginLimiter.attempt(
		input.body.email,
		context.clientAddress,
		() => logIn(context.core, input.body),
		(error) => error instanceof UnauthorizedError,
	);
	context.reply.startSession(token, session);
	return session;
});
