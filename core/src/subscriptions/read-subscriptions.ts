import type { Subscription } from "@agentplanner/contracts";
import { and, asc, count, desc, eq, inArray, messageDeliveries, messagingIntegrations, webhookSubscriptions } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import { presentSubscription } from "./present.ts";

/** The project's subscriptions by name, or that one alone, with the last delivery of each and how many wait. */
export const readSubscriptions = async (ctx: ProjectContext, subscriptionId?: string): Promise<Subscription[]> => {
	const rows = await ctx.db
		.select({ subscription: webhookSubscriptions, integration: messagingIntegrations })
		.from(webhookSubscriptions)
		.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, webhookSubscriptions.integrationId))
		.where(
			and(
				eq(webhookSubscriptions.projectId, ctx.projectId),
				subscriptionId === undefined ? undefined : eq(webhookSubscriptions.id, subscriptionId),
			),
		)
		.orderBy(asc(webhookSubscriptions.name));
	const ids = rows.map(({ subscription }) => subscription.id);
	const [waiting, last] = await Promise.all([countWaiting(ctx, ids), Promise.all(ids.map((id) => readLast(ctx, id)))]);
	return rows.map((row, index) =>
		presentSubscription({ ...row, waiting: waiting.get(row.subscription.id) ?? 0, last: last[index] ?? null }),
	);
};

/** That one; throws NotFoundError. */
export const readSubscription = async (ctx: ProjectContext, subscriptionId: string): Promise<Subscription> => {
	const [subscription] = await readSubscriptions(ctx, subscriptionId);
	if (!subscription) throw new NotFoundError("subscription");
	return subscription;
};

const readLast = async ({ db }: ProjectContext, subscriptionId: string) => {
	const [last] = await db
		.select({
			id: messageDeliveries.id,
			status: messageDeliveries.status,
			content: messageDeliveries.content,
			updatedAt: messageDeliveries.updatedAt,
		})
		.from(messageDeliveries)
		.where(eq(messageDeliveries.subscriptionId, subscriptionId))
		.orderBy(desc(messageDeliveries.id))
		.limit(1);
	return last ?? null;
};

const countWaiting = async ({ db }: ProjectContext, ids: string[]): Promise<Map<string | null, number>> => {
	if (ids.length === 0) return new Map();
	const rows = await db
		.select({ id: messageDeliveries.subscriptionId, waiting: count() })
		.from(messageDeliveries)
		.where(
			and(inArray(messageDeliveries.subscriptionId, ids), inArray(messageDeliveries.status, ["queued", "sending", "retrying", "unknown"])),
		)
		.groupBy(messageDeliveries.subscriptionId)
		.execute();
	return new Map(rows.map(({ id, waiting }) => [id, waiting]));
};
