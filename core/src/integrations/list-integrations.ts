import { type ListedIntegration, openDeliveryStatuses } from "@agentplanner/contracts";
import { and, asc, eq, events, inArray, messageDeliveries, messagingIntegrations, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { readListening } from "../listening/read-listening.ts";
import { presentIntegration } from "./present.ts";

/** The project's channels by name, with what waits at each; of secrets only their names. */
export const listIntegrations = async (ctx: ProjectContext): Promise<{ items: ListedIntegration[] }> => {
	await authorize(ctx, "integrations:read");
	const rows = await ctx.db
		.select()
		.from(messagingIntegrations)
		.where(eq(messagingIntegrations.projectId, ctx.projectId))
		.orderBy(asc(messagingIntegrations.name));
	const waiting = await countWaiting(
		ctx,
		rows.map(({ id }) => id),
	);
	const listening = await readListening(ctx, rows);
	const disabled = await readDisabledSince(
		ctx,
		rows.flatMap(({ id, enabled }) => (enabled ? [] : [id])),
	);
	return {
		items: rows.map((row) => ({
			...presentIntegration(row),
			disabled_since: disabled.get(row.id) ?? null,
			waiting_deliveries: waiting.get(row.id)?.waiting ?? 0,
			waits_since: waiting.get(row.id)?.since?.toISOString() ?? null,
			in_flight: waiting.get(row.id)?.sending ?? 0,
			retrying_deliveries: waiting.get(row.id)?.retrying ?? 0,
			listening: listening.get(row.id) ?? null,
		})),
	};
};

type Counts = { waiting: number; retrying: number; sending: number; since: Date | null };

const countWaiting = async (ctx: ProjectContext, ids: string[]): Promise<Map<string, Counts>> => {
	if (ids.length === 0) return new Map();
	const rows = await ctx.db
		.select({
			id: messageDeliveries.integrationId,
			waiting: sql`count(*) filter (where ${messageDeliveries.status} <> 'sending')`.mapWith(Number),
			retrying: sql`count(*) filter (where ${messageDeliveries.status} in ('retrying', 'unknown'))`.mapWith(Number),
			sending: sql`count(*) filter (where ${messageDeliveries.status} = 'sending')`.mapWith(Number),
			since: sql<Date | null>`min(${messageDeliveries.waitsSince})`.mapWith(messageDeliveries.waitsSince),
		})
		.from(messageDeliveries)
		.where(and(inArray(messageDeliveries.integrationId, ids), inArray(messageDeliveries.status, openDeliveryStatuses)))
		.groupBy(messageDeliveries.integrationId);
	return new Map(rows.map(({ id, ...counts }) => [id, counts]));
};

const readDisabledSince = async (ctx: ProjectContext, ids: string[]): Promise<Map<string, string>> => {
	if (ids.length === 0) return new Map();
	const rows = await ctx.db
		.select({ id: events.subjectId, at: sql<Date>`max(${events.occurredAt})`.mapWith(events.occurredAt) })
		.from(events)
		.where(and(inArray(events.subjectId, ids), eq(events.type, "integration.disabled")))
		.groupBy(events.subjectId);
	return new Map(rows.map(({ id, at }) => [id, at.toISOString()]));
};
