import type { RegisterInput, Session } from "@agentplanner/contracts";
import { sql, users } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { type Context, inTransaction } from "../context.ts";
import { emit } from "../emit.ts";
import { ConflictError, ForbiddenError } from "../errors.ts";
import { readInvitation, redeemInvitation } from "../members/redeem-invitation.ts";
import { hashPassword } from "./passwords.ts";
import { loadSession, startSession } from "./queries.ts";

/** Held while the first account is made, so that two at once don't both find an empty installation. */
const firstAccountLock = 5_170_319;

type SignUp = { signup: "open" | "invitation" };

const authorizeSignUp = async (ctx: Context, input: RegisterInput, { signup }: SignUp) => {
	if (input.invitation_token !== undefined) return void (await readInvitation(ctx, input.invitation_token, input.email));
	if (signup === "open") return;
	const [someone] = await ctx.db.select({ id: users.id }).from(users).limit(1);
	if (someone)
		throw new ForbiddenError(
			"Accounts are made by invitation here. Ask an owner or admin of a project to invite you, or whoever runs this installation to set SIGNUP=open.",
		);
};

/**
 * Makes an account and signs it in. The first account of an installation may always register; after it sign-up must be open, or the
 * address invited, which also makes it a member. Returns the session and its token, which is not kept. Throws ForbiddenError without
 * a valid invitation where one is needed or given, and ConflictError when the e-mail address already has an account.
 */
export const registerUser = async (ctx: Context, input: RegisterInput, options: SignUp): Promise<{ token: string; session: Session }> => {
	await authorizeSignUp(ctx, input, options);
	// Takes a quarter of a second: before the transaction, so that it holds no lock meanwhile.
	const passwordHash = await hashPassword(input.password);
	return inTransaction(ctx, async (tx) => {
		if (options.signup === "invitation") {
			await tx.db.execute(sql`select pg_advisory_xact_lock(${firstAccountLock})`);
			await authorizeSignUp(tx, input, options);
		}
		const [user] = await tx.db
			.insert(users)
			.values({ email: input.email, name: input.name, passwordHash })
			.onConflictDoNothing({ target: users.email })
			.returning();
		if (!user) throw new ConflictError("This e-mail address already has an account. Sign in instead.");
		const { token, session, actor } = await startSession(tx, user);
		emit({ ...tx, actor }, { type: "user.registered", subjectId: user.id });
		await audit({ ...tx, actor }, { type: "account.created", subjectId: user.id });
		if (input.invitation_token === undefined) return { token, session };
		await redeemInvitation({ ...tx, actor }, input.invitation_token, user);
		return { token, session: await loadSession(tx, actor.sessionId) };
	});
};
