import { randomBytes } from "node:crypto";
import { eq, sql, users } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { type Context, inTransaction } from "../context.ts";
import { emit } from "../emit.ts";
import { DomainError } from "../errors.ts";
import { endSessions } from "./end-sessions.ts";
import { hashPassword } from "./passwords.ts";

/**
 * Gives an account a random password and ends all its sessions, for whoever runs the installation. Returns the password, which is
 * not kept. Throws DomainError `not_found` for an unknown address.
 */
export const resetPassword = async (ctx: Context, email: string): Promise<string> => {
	const password = randomBytes(15).toString("base64url");
	const passwordHash = await hashPassword(password);
	await inTransaction(ctx, async (tx) => {
		const [user] = await tx.db
			.update(users)
			.set({ passwordHash, updatedAt: sql`now()` })
			.where(eq(users.email, email))
			.returning({ id: users.id });
		if (!user) throw new DomainError("not_found", `No account has the e-mail address ${email}.`);
		const ended = await endSessions(tx, { userId: user.id, all: true });
		emit(tx, { type: "user.password.changed", subjectId: user.id });
		await audit(tx, { type: "account.password.changed", subjectId: user.id, data: { reset: true, ended_sessions: ended.length } });
	});
	return password;
};
