import { type DeadLetter, type DeadLetterFilter, type DeadLetterGroup, type ReasonCode, reasonCatalogue } from "@agentplanner/contracts";
import { and, count, desc, eq, lt, messageDeliveries, messagingIntegrations, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { isVisibleDelivery, readDeliveries } from "../deliveries/read-deliveries.ts";
import { cursorId, type PageInput, toPage } from "../pagination.ts";
import { readPlaces } from "./read-places.ts";
import { isDead } from "./select-dead.ts";

type Query = PageInput & DeadLetterFilter & { state: "open" | "discarded" };

/** The deliveries that gave up and match, newest first, with what each is about; of plans that the reader sees. */
export const listDeadLetters = async (ctx: ProjectContext, query: Query): Promise<{ items: DeadLetter[]; next_cursor: string | null }> => {
	await authorize(ctx, "deliveries:read");
	const before = cursorId(query);
	const rows = await ctx.db
		.select({ id: messageDeliveries.id })
		.from(messageDeliveries)
		.where(and(isDead(ctx, query, query.state), isVisibleDelivery(ctx), before ? lt(messageDeliveries.id, before) : undefined))
		.orderBy(desc(messageDeliveries.id))
		.limit(query.limit + 1);
	const { items: ids, next_cursor } = toPage(rows, query.limit, ({ id }) => id);
	const [{ deliveries }, places] = await Promise.all([readDeliveries(ctx, { ids }), readPlaces(ctx, ids)]);
	const nowhere = { plan_id: null, node_id: null, title: null };
	return { items: deliveries.toReversed().map((delivery) => ({ ...delivery, ...(places.get(delivery.id) ?? nowhere) })), next_cursor };
};

const groupKey = sql<string>`coalesce(${messageDeliveries.reason} ->> 'code', '')`;

/** The same counted by cause, the most frequent first; `discarded` counts those that were put aside. */
export const summarizeDeadLetters = async (
	ctx: ProjectContext,
	filter: DeadLetterFilter,
): Promise<{ total: number; discarded: number; groups: DeadLetterGroup[] }> => {
	await authorize(ctx, "deliveries:read");
	const [groups, [discarded]] = await Promise.all([
		ctx.db
			.select({
				reason: groupKey,
				integrationId: messageDeliveries.integrationId,
				name: messagingIntegrations.name,
				enabled: messagingIntegrations.enabled,
				adapter: messagingIntegrations.adapter,
				count: count(),
				oldest: sql<string>`min(${messageDeliveries.createdAt})`,
				newest: sql<string>`max(${messageDeliveries.createdAt})`,
				// Ids grow with time, as texts, too.
				lastMessage: sql<string | null>`(select newest.reason ->> 'message' from message_deliveries newest
					where newest.id = max(${messageDeliveries.id}::text)::uuid)`,
			})
			.from(messageDeliveries)
			.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, messageDeliveries.integrationId))
			.where(and(isDead(ctx, filter), isVisibleDelivery(ctx)))
			.groupBy(groupKey, messageDeliveries.integrationId, messagingIntegrations.id)
			.orderBy(desc(count()), groupKey, messageDeliveries.integrationId),
		ctx.db
			.select({ count: count() })
			.from(messageDeliveries)
			.where(and(isDead(ctx, filter, "discarded"), isVisibleDelivery(ctx))),
	]);
	return {
		total: groups.reduce((sum, group) => sum + group.count, 0),
		discarded: discarded?.count ?? 0,
		groups: groups.map((group) => ({
			reason: group.reason,
			...textOf(group.reason),
			last_message: group.lastMessage ?? "",
			integration_id: group.integrationId,
			integration_name: group.name,
			integration_enabled: group.enabled,
			adapter: group.adapter,
			count: group.count,
			oldest_at: new Date(group.oldest).toISOString(),
			newest_at: new Date(group.newest).toISOString(),
		})),
	};
};

/** Of an older build's code, which this one doesn't know, there is only the code. */
const textOf = (code: string): { title: string; remedy: string } =>
	reasonCatalogue[code as ReasonCode] ?? { title: code, remedy: "Open one of them and read what was said to its last attempt." };
