import type { Adapter, CreatedSubscription, CreateSubscriptionInput, UrlChannel } from "@agentplanner/contracts";
import { and, eq, messagingIntegrations, projects, webhookSubscriptions } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { authorize } from "../authorize.ts";
import { actorName, inTransaction, type ProjectContext, type Tx, userIdOf } from "../context.ts";
import { emit } from "../emit.ts";
import { ConflictError, UnprocessableError } from "../errors.ts";
import { currentPosition } from "../events/current-position.ts";
import { addIntegration } from "../integrations/create-integration.ts";
import { assertFilter } from "./assert-filter.ts";
import { refuseDuplicateName } from "./queries.ts";
import { readSubscription } from "./read-subscriptions.ts";

/** The adapters that this installation has. */
export type KnownAdapters = { byId: (id: string) => Adapter | null; urlChannel: UrlChannel };

/**
 * Has events sent from now on, to an integration, or to a URL, for which it makes one, with its secrets told this once. Throws
 * ForbiddenError below admin, UnprocessableError naming the field for a target or a filter that can't be, and ConflictError for a name
 * that is taken, or one subscription too many.
 */
export const createSubscription = async (
	ctx: ProjectContext,
	input: CreateSubscriptionInput,
	adapters: KnownAdapters,
): Promise<CreatedSubscription> => {
	await authorize(ctx, "subscriptions:manage");
	await assertFilter(ctx, input);
	return inTransaction(ctx, async (tx) => {
		await assertRoom(tx);
		const { integrationId, createdSecrets } = await findTarget(tx, input, adapters);
		const [row] = await tx.db
			.insert(webhookSubscriptions)
			.values({
				projectId: tx.projectId,
				name: input.name,
				integrationId,
				ownsIntegration: input.url !== undefined,
				address: input.address,
				types: input.types,
				planIds: input.plan_ids,
				condition: input.condition,
				fromPosition: await currentPosition(tx),
				ownerUserId: userIdOf(tx.actor),
				owner: actorName(tx.actor),
			})
			.returning()
			.catch(refuseDuplicateName);
		if (!row) throw new Error("The insert returned no subscription.");
		const data = { name: row.name, integration_id: integrationId, types: row.types };
		emit(tx, { type: "subscription.created", subjectId: row.id, data });
		await audit(tx, { type: "subscription.created", subjectId: row.id, data: { ...data, plan_ids: row.planIds } });
		return { ...(await readSubscription(tx, row.id)), created_secrets: createdSecrets };
	});
};

/** Each event is held against all of them before anybody hears of it. */
const mostOfProject = 100;

/** The project is locked, so that they are counted one after the other. */
const assertRoom = async (tx: Tx<ProjectContext>): Promise<void> => {
	await tx.db.select({ id: projects.id }).from(projects).where(eq(projects.id, tx.projectId)).for("no key update");
	if ((await tx.db.$count(webhookSubscriptions, eq(webhookSubscriptions.projectId, tx.projectId))) >= mostOfProject)
		throw new ConflictError(
			`A project has at most ${mostOfProject} subscriptions, and this one has as many. Delete one that nobody needs.`,
		);
};

type Target = { integrationId: string; createdSecrets: Record<string, string> };

const findTarget = async (tx: Tx<ProjectContext>, input: CreateSubscriptionInput, { byId, urlChannel }: KnownAdapters): Promise<Target> => {
	const { url, integration_id: integrationId, authorization } = input;
	if ((url === undefined) === (integrationId === undefined))
		throw new UnprocessableError("Say where events go: give either url or integration_id.", [
			{ field: "body.url", message: "is needed, unless integration_id is given" },
		]);
	if (url !== undefined) return makeIntegration(tx, { name: input.name, url, authorization }, urlChannel);
	if (authorization !== undefined)
		throw new UnprocessableError("This integration has its own Authorization header.", [
			{ field: "body.authorization", message: "is for url alone; an integration that exists has its own" },
		]);
	const id = integrationId ?? "";
	const [integration] = await tx.db
		.select({ name: messagingIntegrations.name, adapter: messagingIntegrations.adapter })
		.from(messagingIntegrations)
		.where(and(eq(messagingIntegrations.projectId, tx.projectId), eq(messagingIntegrations.id, id)));
	if (!integration)
		throw new UnprocessableError("There is no such integration.", [
			{ field: "body.integration_id", message: "is not an integration of this project" },
		]);
	if (!byId(integration.adapter)?.takesEvents)
		throw new UnprocessableError(`${integration.name} can't be sent events.`, [
			{ field: "body.integration_id", message: "is an integration that takes no events" },
		]);
	return { integrationId: id, createdSecrets: {} };
};

/** It names the fields as whoever gave a URL knows them. */
const makeIntegration = async (
	tx: Tx<ProjectContext>,
	{ name, url, authorization }: { name: string; url: string; authorization: string | undefined },
	{ adapter, configOf }: UrlChannel,
): Promise<Target> => {
	try {
		const { id, created_secrets } = await addIntegration(tx, { adapter: adapter.id, name, ...configOf({ url, authorization }) }, adapter);
		return { integrationId: id, createdSecrets: created_secrets };
	} catch (error) {
		if (!(error instanceof UnprocessableError)) throw error;
		throw new UnprocessableError(
			"Events can't be sent there. Correct the fields below.",
			error.fields.map(({ field, message }) => ({ field: field.replace(/^body\.(?:settings|secrets)\./, "body."), message })),
		);
	}
};
