import { and, eq, isNull, linkedAccounts, users } from "@agentplanner/db";
import type { Context } from "../context.ts";

/** A person on a platform. `externalAccount`: the team or guild on whose word the id counts; null where ids hold everywhere. */
export type ExternalPerson = { provider: string; externalAccount: string | null; externalUserId: string; name: string };

const isPerson = ({ provider, externalAccount, externalUserId }: ExternalPerson) =>
	and(
		eq(linkedAccounts.provider, provider),
		externalAccount === null ? isNull(linkedAccounts.externalAccount) : eq(linkedAccounts.externalAccount, externalAccount),
		eq(linkedAccounts.externalUserId, externalUserId),
	);

/** Who this person is here; null for a stranger. */
export const findLinkedUser = async (ctx: Context, person: ExternalPerson): Promise<typeof users.$inferSelect | null> => {
	const [found] = await ctx.db
		.select({ user: users })
		.from(linkedAccounts)
		.innerJoin(users, eq(users.id, linkedAccounts.userId))
		.where(isPerson(person));
	return found?.user ?? null;
};
