import { and, eq, messageDeliveries, messagingIntegrations, routes, sql, webhookSubscriptions } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { deleteTimers } from "../timers.ts";
import { isSubscription, lockSubscription } from "./queries.ts";

/**
 * Deletes a subscription with its log; what waits is not sent. The integration that was made for it goes with it, unless something else
 * uses that by now. Throws NotFoundError, and ForbiddenError below admin.
 */
export const deleteSubscription = async (ctx: ProjectContext, subscriptionId: string): Promise<void> => {
	await authorize(ctx, "subscriptions:manage");
	await inTransaction(ctx, async (tx) => {
		const { name, integrationId, ownsIntegration } = await lockSubscription(tx, subscriptionId);
		await forgetDeliveries(tx, subscriptionId);
		await tx.db.delete(webhookSubscriptions).where(isSubscription(tx, subscriptionId));
		deleteTimers(tx, subscriptionId, "subscription.replay.due");
		if (ownsIntegration) await deleteUnused(tx, integrationId);
		emit(tx, { type: "subscription.deleted", subjectId: subscriptionId, data: { name } });
		await audit(tx, { type: "subscription.deleted", subjectId: subscriptionId, data: { name, integration_id: integrationId } });
	});
};

/** Deliveries first, then their timers, as whoever claims one takes them. */
const forgetDeliveries = async (tx: Tx<ProjectContext>, subscriptionId: string): Promise<void> => {
	await tx.db
		.select({ id: messageDeliveries.id })
		.from(messageDeliveries)
		.where(eq(messageDeliveries.subscriptionId, subscriptionId))
		.orderBy(messageDeliveries.id)
		.for("update");
	await tx.db.execute(sql`
		delete from timers where type = 'message.delivery.due'
			and subject_id in (select id from message_deliveries where subscription_id = ${subscriptionId})`);
	await tx.db.delete(messageDeliveries).where(eq(messageDeliveries.subscriptionId, subscriptionId));
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
