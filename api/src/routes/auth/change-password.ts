import { changePassword as change, requireUser, WrongPasswordError } from "@agentplanner/core";
import { procedure } from "../../procedure.ts";

export const changePassword = procedure.auth.changePassword.handler(async ({ context, input }) => {
	const { core, loginLimiter, clientAddress } = context;
	// A session left open must not be a way to guess the password.
	await loginLimiter.attempt(
		requireUser(core).userId,
		clientAddress,
		() => change(core, input.body),
		(error) => error instanceof WrongPasswordError,
	);
	return {};
});
