import type { LoginInput } from "@agentplanner/contracts";
import { logIn, UnauthorizedError } from "@agentplanner/core";
import type { RouteContext } from "../context.ts";

/** Signs in, unless too many tries have failed. */
export const signIn = ({ core, loginLimiter, clientAddress, userAgent }: RouteContext, input: LoginInput, isScript = false) =>
	loginLimiter.attempt(
		input.email,
		clientAddress,
		() => logIn(core, input, { userAgent, isScript }),
		(error) => error instanceof UnauthorizedError,
	);
