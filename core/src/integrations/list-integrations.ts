import type { ListedIntegration } from "@agentplanner/contracts";
import { and, asc, count, eq, events, inArray, messageDeliveries, messagingIntegrations, sql } from "@agentplanner/db";
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
			retrying_deliveries: waiting.get(row.id)?.retrying ?? 0,
			listening: listening.get(row.id) ?? null,
		})),
	};
};

const countWaiting = async (ctx: ProjectContext, ids: string[]): Promise<Map<string, { waiting: number; retrying: number }>> => {
	if (ids.length === 0) return new Map();
	const rows = await ctx.db
		.select({
			id: messageDeliveries.integrationId,
			waiting: count(),
			retrying: sql`count(*) filter (where ${messageDeliveries.status} <> 'queued')`.mapWith(Number),
		})
		.from(messageDeliveries)
		.where(and(inArray(messageDeliveries.integrationId, ids), inArray(messageDeliveries.status, ["queued", "retrying", "unknown"])))
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
