import type { LoginInput } from "@agentplanner/contracts";
import { eq, users } from "@agentplanner/db";
import { type Context, inTransaction } from "../context.ts";
import { UnauthorizedError } from "../errors.ts";
import { isPasswordOf } from "./passwords.ts";
import { type Client, type StartedSession, startSession } from "./queries.ts";

/**
 * Signs in with e-mail and password. Returns the session and its token, which is not kept. Throws UnauthorizedError, the same
 * and after the same time for an unknown address as for a wrong password.
 */
export const logIn = async (ctx: Context, input: LoginInput, client: Client = {}): Promise<StartedSession> => {
	// no authorize: whoever knows the password may
	const [user] = await ctx.db.select().from(users).where(eq(users.email, input.email));
	const matches = await isPasswordOf(user?.passwordHash ?? null, input.password);
	if (!user || !matches) throw new UnauthorizedError("The e-mail address or the password is wrong.");
	return inTransaction(ctx, (tx) => startSession(tx, user, client));
};
