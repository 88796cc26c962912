import type { Adapter, CreatedSubscription } from "@agentplanner/contracts";
import { and, eq, getTableColumns, messagingIntegrations, sql } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { UnprocessableError } from "../errors.ts";
import { deleteTimers, fromNow, setTimers } from "../timers.ts";
import { loadSubscription } from "./queries.ts";
import { readSubscription } from "./read-subscriptions.ts";

const hourMs = 3_600_000;

/**
 * Makes a new signing secret of the subscription's integration, told this once; the one before signs as well until the overlap is over.
 * Throws NotFoundError, ForbiddenError below admin, and UnprocessableError for an integration that signs with nothing of ours.
 */
export const rotateSecret = async (
	ctx: ProjectContext,
	subscriptionId: string,
	{ overlapHours, adapterById }: { overlapHours: number; adapterById: (id: string) => Adapter | null },
): Promise<CreatedSubscription> => {
	await authorize(ctx, "subscriptions:manage");
	return inTransaction(ctx, async (tx) => {
		const { integrationId } = (await loadSubscription(tx, subscriptionId)).subscription;
		const row = await lockIntegration(tx, integrationId);
		const adapter = adapterById(row.adapter);
		const made = adapter?.rotation && adapter.createSecrets?.()[adapter.rotation.secret];
		if (!adapter?.rotation || made === undefined)
			throw new UnprocessableError(`${row.name} has no signing secret of ours. Change its credentials where it is connected.`);
		const { secret, previous } = adapter.rotation;
		const { [previous]: _, ...secrets } = openSecrets(tx, row);
		const overlap = overlapHours === 0 || secrets[secret] === undefined ? {} : { [previous]: secrets[secret] };
		const kept = Object.keys(overlap).length > 0;
		await writeSecrets(tx, row, { ...secrets, ...overlap, [secret]: made }, kept ? overlapHours * hourMs : null);
		emit(tx, { type: "integration.secret.rotated", subjectId: integrationId, data: { overlap_hours: overlapHours } });
		await audit(tx, {
			type: "integration.secrets.changed",
			subjectId: integrationId,
			data: { secrets: [secret], overlap_hours: overlapHours },
		});
		return { ...(await readSubscription(tx, subscriptionId)), created_secrets: { [secret]: made } };
	});
};

type Row = typeof messagingIntegrations.$inferSelect;

const lockIntegration = async (tx: Tx<ProjectContext>, integrationId: string): Promise<Row> => {
	const [row] = await tx.db.select().from(messagingIntegrations).where(isIntegration(tx, integrationId)).for("no key update");
	if (!row) throw new Error(`Integration ${integrationId} is gone.`);
	return row;
};

const isIntegration = (ctx: ProjectContext, integrationId: string) =>
	and(eq(messagingIntegrations.projectId, ctx.projectId), eq(messagingIntegrations.id, integrationId));

const openSecrets = (tx: Tx, { credentials, id }: Row) => JSON.parse(tx.keys.open(credentials, id)) as Record<string, string>;

/** `overlapMs`: when the previous one ends, by its timer; null: there is none. */
const writeSecrets = async (tx: Tx<ProjectContext>, row: Row, secrets: Record<string, string>, overlapMs: number | null): Promise<void> => {
	await tx.db
		.update(messagingIntegrations)
		.set({
			credentials: tx.keys.seal(JSON.stringify(secrets), row.id),
			secretNames: Object.keys(secrets),
			previousSecretUntil: overlapMs === null ? null : fromNow(overlapMs),
			version: sql`version + 1`,
			updatedAt: sql`now()`,
		})
		.where(isIntegration(tx, row.id));
	if (overlapMs === null) deleteTimers(tx, row.id, "integration.secret.expiry.due");
	else setTimers(tx, { type: "integration.secret.expiry.due", subjectId: row.id, dueInMs: overlapMs });
};

/** The previous secret stops to sign, once its time is over; one that has taken its place since has a time of its own. */
export const expirePreviousSecret = (
	ctx: ProjectContext,
	integrationId: string,
	adapterById: (id: string) => Adapter | null,
): Promise<void> =>
	inTransaction(ctx, async (tx) => {
		const [row] = await tx.db
			.select({ ...getTableColumns(messagingIntegrations), over: sql<boolean>`previous_secret_until <= now()` })
			.from(messagingIntegrations)
			.where(isIntegration(tx, integrationId))
			.for("no key update");
		if (!row?.previousSecretUntil) return deleteTimers(tx, integrationId, "integration.secret.expiry.due");
		if (!row.over) return;
		const previous = adapterById(row.adapter)?.rotation?.previous;
		const { [previous ?? ""]: _, ...secrets } = openSecrets(tx, row);
		await writeSecrets(tx, row, secrets, null);
		emit(tx, { type: "integration.secret.expired", subjectId: integrationId });
	});
