import type { Subscription } from "@agentplanner/contracts";
import { and, asc, desc, eq, messageDeliveries, messagingIntegrations, sql, webhookSubscriptions } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import { presentSubscription } from "./present.ts";

// By what waits at the integration: a log may be long.
const waiting = sql<number>`(select count(*)::int from message_deliveries waiting
	where waiting.integration_id = ${webhookSubscriptions.integrationId} and waiting.subscription_id = ${webhookSubscriptions.id}
		and waiting.status in ('queued', 'sending', 'retrying', 'unknown'))`;

/** The project's subscriptions by name, or that one alone, with the last delivery of each and how many wait. */
export const readSubscriptions = async (ctx: ProjectContext, subscriptionId?: string): Promise<Subscription[]> => {
	const last = ctx.db
		.select({
			id: messageDeliveries.id,
			status: messageDeliveries.status,
			content: messageDeliveries.content,
			updatedAt: messageDeliveries.updatedAt,
		})
		.from(messageDeliveries)
		.where(eq(messageDeliveries.subscriptionId, webhookSubscriptions.id))
		.orderBy(desc(messageDeliveries.id))
		.limit(1)
		.as("last");
	const rows = await ctx.db
		.select({
			subscription: webhookSubscriptions,
			integration: messagingIntegrations,
			last: { id: last.id, status: last.status, content: last.content, updatedAt: last.updatedAt },
			waiting,
		})
		.from(webhookSubscriptions)
		.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, webhookSubscriptions.integrationId))
		.leftJoinLateral(last, sql`true`)
		.where(
			and(
				eq(webhookSubscriptions.projectId, ctx.projectId),
				subscriptionId === undefined ? undefined : eq(webhookSubscriptions.id, subscriptionId),
			),
		)
		.orderBy(asc(webhookSubscriptions.name));
	return rows.map(presentSubscription);
};

/** That one; throws NotFoundError. */
export const readSubscription = async (ctx: ProjectContext, subscriptionId: string): Promise<Subscription> => {
	const [subscription] = await readSubscriptions(ctx, subscriptionId);
	if (!subscription) throw new NotFoundError("subscription");
	return subscription;
};
