import { and, eq, linkedAccounts, ne, users } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { requireUser } from "../authorize.ts";
import { type Context, inTransaction, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { NotFoundError, UnprocessableError } from "../errors.ts";

/** Providers that one can sign in with; other linked accounts only say who decides and gets messages there. */
const signsIn = "github";

/** Forgets who the actor is on a platform. Throws NotFoundError, and UnprocessableError for the last way to sign in. */
export const unlinkAccount = async (ctx: Context, linkedAccountId: string): Promise<void> => {
	const { userId } = requireUser(ctx);
	await inTransaction(ctx, async (tx) => {
		const isAccount = and(eq(linkedAccounts.id, linkedAccountId), eq(linkedAccounts.userId, userId));
		// One change of a user's ways to sign in at a time.
		const [user] = await tx.db.select().from(users).where(eq(users.id, userId)).for("no key update");
		const [account] = await tx.db.select().from(linkedAccounts).where(isAccount);
		if (!user || !account) throw new NotFoundError("linked account");
		if (account.provider === signsIn && user.passwordHash === null) await assertAnotherWay(tx, account);
		await tx.db.delete(linkedAccounts).where(isAccount);
		const { provider, externalAccount, externalUserId } = account;
		const data = { provider, external_account: externalAccount, external_user_id: externalUserId };
		emit(tx, { type: "user.unlinked", subjectId: userId, data: { provider } });
		await audit(tx, { type: "account.unlinked", subjectId: userId, data });
	});
};

const assertAnotherWay = async (tx: Tx, { id, userId }: typeof linkedAccounts.$inferSelect): Promise<void> => {
	const [other] = await tx.db
		.select({ id: linkedAccounts.id })
		.from(linkedAccounts)
		.where(and(eq(linkedAccounts.userId, userId), eq(linkedAccounts.provider, signsIn), ne(linkedAccounts.id, id)));
	if (!other)
		throw new UnprocessableError("You sign in with this account alone, and could not come back without it. Set a password first.");
};
