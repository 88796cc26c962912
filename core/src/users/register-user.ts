import type { RegisterInput, Session } from "@agentplanner/contracts";
import { users } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { type Context, inTransaction } from "../context.ts";
import { emit } from "../emit.ts";
import { ConflictError } from "../errors.ts";
import { readInvitation, redeemInvitation } from "../members/redeem-invitation.ts";
import { authorizeSignUp, lockSignUp, type SignUp } from "./authorize-sign-up.ts";
import { hashPassword } from "./passwords.ts";
import { type Client, loadSession, startSession } from "./queries.ts";

/**
 * Makes an account and signs it in. The first account of an installation may always register; after it sign-up must be open, or the
 * address invited, which also makes it a member. Returns the session and its token, which is not kept. Throws ForbiddenError without
 * a valid invitation where one is needed or given, and ConflictError when the e-mail address already has an account.
 */
export const registerUser = async (
	ctx: Context,
	input: RegisterInput,
	options: SignUp & Client,
): Promise<{ token: string; session: Session }> => {
	const invitation = input.invitation_token === undefined ? null : await readInvitation(ctx, input.invitation_token, input.email);
	await authorizeSignUp(ctx, options, invitation !== null);
	// Takes a quarter of a second: before the transaction, so that it holds no lock meanwhile.
	const passwordHash = await hashPassword(input.password);
	return inTransaction(ctx, async (tx) => {
		if (options.signup === "invitation") {
			await lockSignUp(tx);
			await authorizeSignUp(tx, options, invitation !== null);
		}
		const [user] = await tx.db
			.insert(users)
			.values({ email: input.email, name: input.name, passwordHash })
			.onConflictDoNothing({ target: users.email })
			.returning();
		if (!user) throw new ConflictError("This e-mail address already has an account. Sign in instead.");
		const { token, session, actor } = await startSession(tx, user, options);
		emit({ ...tx, actor }, { type: "user.registered", subjectId: user.id });
		await audit({ ...tx, actor }, { type: "account.created", subjectId: user.id });
		if (!invitation) return { token, session };
		await redeemInvitation({ ...tx, actor }, invitation, user.id);
		return { token, session: await loadSession(tx, actor.sessionId) };
	});
};
