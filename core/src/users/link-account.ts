import { linkedAccounts } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { requireUser } from "../authorize.ts";
import { type Context, inTransaction } from "../context.ts";
import { emit } from "../emit.ts";
import { type ExternalPerson, findLinkedUser } from "./find-linked-user.ts";
import { SignInRefusedError } from "./sign-in-refused.ts";

/**
 * Says that this person on a platform is the actor; saying it again changes nothing. Throws SignInRefusedError where the person is
 * somebody else here, or the actor somebody else there.
 */
export const linkAccount = async (ctx: Context, person: ExternalPerson): Promise<void> => {
	const { userId } = requireUser(ctx);
	const { provider, externalAccount, externalUserId, name } = person;
	await inTransaction(ctx, async (tx) => {
		const [linked] = await tx.db
			.insert(linkedAccounts)
			.values({ userId, provider, externalAccount, externalUserId, name })
			.onConflictDoNothing()
			.returning({ id: linkedAccounts.id });
		if (!linked) {
			const owner = await findLinkedUser(tx, person);
			if (owner?.id === userId) return;
			throw new SignInRefusedError(owner ? "linked_elsewhere" : "another_linked");
		}
		const data = { provider, external_account: externalAccount, external_user_id: externalUserId };
		emit(tx, { type: "user.linked", subjectId: userId, data: { provider } });
		await audit(tx, { type: "account.linked", subjectId: userId, data });
	});
};
