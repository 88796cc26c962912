import { and, eq, inArray, messageDeliveries, messagingIntegrations, routes, sql, timers, webhookSubscriptions } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { deleteTimers } from "../timers.ts";
import { isSubscription, lockSubscription } from "./queries.ts";

/** What is deleted in one transaction: nobody waits long for its locks. */
const stepSize = 1_000;

/**
 * Deletes a subscription with its log; what waits is not sent. It is switched off first, so that the log ends; a log that was long goes in steps,
 * and whoever is interrupted deletes again. The integration that was made for it goes with it, unless something else
 * uses that by now. Throws NotFoundError, and ForbiddenError below admin.
 */
export const deleteSubscription = async (ctx: ProjectContext, subscriptionId: string): Promise<void> => {
	await authorize(ctx, "subscriptions:manage");
	await inTransaction(ctx, async (tx) => {
		await lockSubscription(tx, subscriptionId);
		await tx.db.update(webhookSubscriptions).set({ enabled: false }).where(isSubscription(tx, subscriptionId));
	});
	while ((await inTransaction(ctx, (tx) => forgetDeliveries(tx, subscriptionId))) === stepSize);
	await inTransaction(ctx, async (tx) => {
		const { name, integrationId, ownsIntegration } = await lockSubscription(tx, subscriptionId, "update");
		while ((await forgetDeliveries(tx, subscriptionId)) === stepSize);
		await tx.db.delete(webhookSubscriptions).where(isSubscription(tx, subscriptionId));
		deleteTimers(tx, subscriptionId, "subscription.replay.due");
		if (ownsIntegration) await deleteUnused(tx, integrationId);
		emit(tx, { type: "subscription.deleted", subjectId: subscriptionId, data: { name } });
		await audit(tx, { type: "subscription.deleted", subjectId: subscriptionId, data: { name, integration_id: integrationId } });
	});
};

/** A step's worth of its deliveries: these first, then their timers, as whoever claims one takes them. Answers with how many there were. */
const forgetDeliveries = async (tx: Tx<ProjectContext>, subscriptionId: string): Promise<number> => {
	const found = await tx.db
		.select({ id: messageDeliveries.id })
		.from(messageDeliveries)
		.where(and(eq(messageDeliveries.projectId, tx.projectId), eq(messageDeliveries.subscriptionId, subscriptionId)))
		.orderBy(messageDeliveries.id)
		.limit(stepSize)
		.for("update");
	const ids = found.map(({ id }) => id);
	await tx.db.delete(timers).where(and(eq(timers.type, "message.delivery.due"), inArray(timers.subjectId, ids)));
	await tx.db.delete(messageDeliveries).where(inArray(messageDeliveries.id, ids));
	return ids.length;
};

const deleteUnused = async (tx: Tx<ProjectContext>, integrationId: string): Promise<void> => {
	const deleted = await tx.db
		.delete(messagingIntegrations)
		.where(
			and(
				eq(messagingIntegrations.projectId, tx.projectId),
				eq(messagingIntegrations.id, integrationId),
				sql`not exists (select from ${webhookSubscriptions} where ${webhookSubscriptions.integrationId} = ${integrationId})`,
				sql`not exists (select from ${routes} where ${routes.integrationId} = ${integrationId})`,
				sql`not exists (select from ${messageDeliveries} where ${messageDeliveries.integrationId} = ${integrationId})`,
			),
		)
		.returning({ id: messagingIntegrations.id });
	if (deleted.length > 0) deleteTimers(tx, integrationId, "integration.secret.expiry.due");
};
