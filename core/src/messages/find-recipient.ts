import { type MessageTarget, personAddress } from "@agentplanner/contracts";
import { and, asc, desc, eq, linkedAccounts, messagingIntegrations, projectMembers, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { UnprocessableError } from "../errors.ts";

type Recipient = { integrationId: string; adapter: string; address: string };

/** Where a message to this target goes, which stands in `field`. Throws UnprocessableError naming what of it leads nowhere. */
export const findRecipient = (ctx: ProjectContext, to: MessageTarget, field: string): Promise<Recipient> =>
	"user_id" in to ? findPerson(ctx, to, field) : findPlace(ctx, to, field);

const refuse = (detail: string, field: string, message: string) => new UnprocessableError(detail, [{ field, message }]);

type Place = Extract<MessageTarget, { address: string }>;
type Person = Extract<MessageTarget, { user_id: string }>;

const findPlace = async ({ db, projectId }: ProjectContext, { integration_id: id, address }: Place, field: string): Promise<Recipient> => {
	const [found] = await db
		.select({ integrationId: messagingIntegrations.id, adapter: messagingIntegrations.adapter })
		.from(messagingIntegrations)
		.where(and(eq(messagingIntegrations.projectId, projectId), eq(messagingIntegrations.id, id)));
	if (!found)
		throw refuse("There is no such integration in this project.", `${field}.integration_id`, "is not an integration of this project");
	return { ...found, address };
};

/** Where a member is reached directly; null: they have linked no account that an integration of this project reaches. */
export const findMember = async (ctx: ProjectContext, userId: string): Promise<Recipient | null> =>
	placesOf(await accountsOf(ctx, userId))[0] ?? null;

const findPerson = async (ctx: ProjectContext, { user_id: userId, integration_id: wanted }: Person, field: string): Promise<Recipient> => {
	const accounts = await accountsOf(ctx, userId);
	if (accounts.length === 0)
		throw refuse("There is no such member in this project.", `${field}.user_id`, "is not a member of this project");
	const found = placesOf(accounts).find(({ integrationId }) => wanted === undefined || integrationId === wanted.toLowerCase());
	if (found) return found;
	throw wanted === undefined
		? refuse(
				"This member has linked no account on a platform of this project, so nothing can be sent to them directly.",
				`${field}.user_id`,
				"has linked no account that an integration of this project reaches",
			)
		: refuse(
				"This member can't be reached through that integration.",
				`${field}.integration_id`,
				"is no platform on which this member has linked an account",
			);
};

/** The accounts that a member has linked, with the integrations that are on the same platforms: one that is enabled goes first. */
const accountsOf = ({ db, projectId }: ProjectContext, userId: string) =>
	db
		.select({
			integrationId: messagingIntegrations.id,
			adapter: messagingIntegrations.adapter,
			personId: linkedAccounts.externalUserId,
		})
		.from(projectMembers)
		.leftJoin(linkedAccounts, eq(linkedAccounts.userId, projectMembers.userId))
		.leftJoin(
			messagingIntegrations,
			and(
				eq(messagingIntegrations.projectId, projectMembers.projectId),
				eq(messagingIntegrations.adapter, linkedAccounts.provider),
				sql`${messagingIntegrations.externalAccount} is not distinct from ${linkedAccounts.externalAccount}`,
			),
		)
		.where(and(eq(projectMembers.projectId, projectId), eq(projectMembers.userId, userId)))
		.orderBy(desc(messagingIntegrations.enabled), asc(messagingIntegrations.id))
		.execute();

const placesOf = (accounts: Awaited<ReturnType<typeof accountsOf>>): Recipient[] =>
	accounts.flatMap(({ integrationId, adapter, personId }) =>
		integrationId !== null && adapter !== null && personId !== null ? [{ integrationId, adapter, address: personAddress(personId) }] : [],
	);
