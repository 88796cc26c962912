import type { ChangePasswordInput } from "@agentplanner/contracts";
import { and, eq, isNull, sql, users } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { requireUser } from "../authorize.ts";
import { type Context, inTransaction } from "../context.ts";
import { emit } from "../emit.ts";
import { ConflictError, UnauthorizedError, UnprocessableError } from "../errors.ts";
import { endSessions } from "./end-sessions.ts";
import { hashPassword, isPasswordOf } from "./passwords.ts";

export class WrongPasswordError extends UnprocessableError {
	constructor() {
		super("This is not your current password, so it was not changed.", [
			{ field: "body.current_password", message: "is not your current password" },
		]);
	}
}

/**
 * Changes the actor's password, or sets the first one of an account without; their other sessions end at once. Throws
 * WrongPasswordError, and ConflictError when it was changed elsewhere meanwhile.
 */
export const changePassword = async (ctx: Context, input: ChangePasswordInput): Promise<void> => {
	const { userId, sessionId } = requireUser(ctx);
	const [user] = await ctx.db.select().from(users).where(eq(users.id, userId));
	if (!user) throw new UnauthorizedError("This account is gone.");
	const known = user.passwordHash;
	if (known !== null && !(await isPasswordOf(known, input.current_password ?? ""))) throw new WrongPasswordError();
	// Takes a quarter of a second: before the transaction, so that it holds no lock meanwhile.
	const passwordHash = await hashPassword(input.new_password);
	await inTransaction(ctx, async (tx) => {
		const [changed] = await tx.db
			.update(users)
			.set({ passwordHash, updatedAt: sql`now()` })
			.where(and(eq(users.id, userId), known === null ? isNull(users.passwordHash) : eq(users.passwordHash, known)))
			.returning({ id: users.id });
		if (!changed) throw new ConflictError("Your password was changed elsewhere just now. Sign in with that one.");
		const ended = await endSessions(tx, { userId, except: sessionId });
		emit(tx, { type: "user.password.changed", subjectId: userId });
		await audit(tx, { type: "account.password.changed", subjectId: userId, data: { first: known === null, ended_sessions: ended.length } });
	});
};
