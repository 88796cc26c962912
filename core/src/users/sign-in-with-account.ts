import { linkedAccounts, users } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { type Context, inTransaction, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { ForbiddenError } from "../errors.ts";
import { findInvitationToken, redeemInvitation } from "../members/redeem-invitation.ts";
import { authorizeSignUp, lockSignUp, type SignUp } from "./authorize-sign-up.ts";
import { type ExternalPerson, findLinkedUser } from "./find-linked-user.ts";
import { type Client, loadSession, type StartedSession, startSession } from "./queries.ts";
import { SignInRefusedError } from "./sign-in-refused.ts";

/** A person as a provider vouches for them; `email` only if it is the primary one there, and verified. */
export type VouchedPerson = ExternalPerson & { displayName: string; email: string | null };

/**
 * Signs in whoever has linked this account. Somebody new gets an account where sign-up is open, for the first account, or by an
 * invitation of the verified address, which then also makes them a member. An account with the same address is never taken over:
 * it has to sign in by itself, and link. Throws SignInRefusedError with the reason.
 */
export const signInWithAccount = async (ctx: Context, person: VouchedPerson, options: SignUp & Client): Promise<StartedSession> => {
	// no authorize: whoever the provider vouches for may
	return inTransaction(ctx, async (tx) => {
		const known = await findLinkedUser(tx, person);
		if (known) return startSession(tx, known, options);
		if (person.email === null) throw new SignInRefusedError("no_verified_email");
		return signUp(tx, { ...person, email: person.email }, options);
	});
};

const signUp = async (tx: Tx, person: VouchedPerson & { email: string }, options: SignUp & Client): Promise<StartedSession> => {
	await lockSignUp(tx);
	// Whoever waited for the lock may have waited for themselves in another window.
	const known = await findLinkedUser(tx, person);
	if (known) return startSession(tx, known, options);
	const invitationToken = await findInvitationToken(tx, person.email);
	await authorizeSignUp(tx, { email: person.email, invitation_token: invitationToken }, options).catch((error: unknown) => {
		throw error instanceof ForbiddenError ? new SignInRefusedError("sign_up_closed", error) : error;
	});
	const [user] = await tx.db
		.insert(users)
		.values({ email: person.email, name: person.displayName })
		.onConflictDoNothing({ target: users.email })
		.returning();
	if (!user) throw new SignInRefusedError("email_taken");
	const { provider, externalAccount, externalUserId, name } = person;
	await tx.db.insert(linkedAccounts).values({ userId: user.id, provider, externalAccount, externalUserId, name });
	const started = await startSession(tx, user, options);
	const inside = { ...tx, actor: started.actor };
	emit(inside, { type: "user.registered", subjectId: user.id, data: { provider } });
	await audit(inside, { type: "account.created", subjectId: user.id, data: { provider, external_user_id: externalUserId } });
	if (invitationToken === undefined) return started;
	await redeemInvitation(inside, invitationToken, user);
	return { ...started, session: await loadSession(tx, started.actor.sessionId) };
};
