import { signIn } from "../../http/sign-in.ts";
import { procedure } from "../../procedure.ts";

export const login = procedure.auth.login.handler(async ({ context, input }) => {
	const { token, session } = await signIn(context, input.body);
	context.reply.startSession(token, session);
	return session;
});
