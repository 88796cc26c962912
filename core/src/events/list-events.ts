import type { PlannerEvent } from "@agentplanner/contracts";
import { and, asc, eq, events, gt, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { Context, ProjectContext } from "../context.ts";
import { happenedInVisiblePlan } from "../plans/authorize-plan.ts";

/** A project's events after a position, in commit order, without those of plans that one doesn't see; `next_cursor` is the last position read. */
export const listEvents = async (
	ctx: ProjectContext,
	query: { limit: number; cursor: number; subject_id?: string | undefined },
): Promise<{ items: PlannerEvent[]; next_cursor: number }> => {
	await authorize(ctx, "events:read");
	const rows = await ctx.db
		.select()
		.from(events)
		.where(
			and(
				eq(events.projectId, ctx.projectId),
				gt(events.position, query.cursor),
				sql`(${events.planId} is null or ${happenedInVisiblePlan(ctx, events.planId)})`,
				query.subject_id ? eq(events.subjectId, query.subject_id) : undefined,
			),
		)
		.orderBy(asc(events.position))
		.limit(query.limit);
	const items = rows.map(
		(row): PlannerEvent => ({
			id: row.id,
			position: row.position ?? 0,
			type: row.type,
			subject_type: row.subjectType,
			subject_id: row.subjectId,
			data: row.data,
			actor: row.actor,
			request_id: row.requestId,
			trace_id: row.traceId,
			occurred_at: row.occurredAt.toISOString(),
		}),
	);
	return { items, next_cursor: items.at(-1)?.position ?? query.cursor };
};

export type Change = { entity: string; id: string; position: number };

/**
 * What an open page must read again: the subjects of a project's events after a position, and the request each of them is part
 * of. The caller has checked that the page may see the project.
 */
export const readChanges = async (
	ctx: Context,
	{ projectId, after, limit }: { projectId: string; after: number; limit: number },
): Promise<Change[]> => {
	const rows = await ctx.db
		.select({ entity: events.subjectType, id: events.subjectId, position: events.position, data: events.data })
		.from(events)
		.where(and(eq(events.projectId, projectId), gt(events.position, after)))
		.orderBy(asc(events.position))
		.limit(limit);
	return rows.flatMap(({ entity, id, position, data }) => {
		const change = { entity, id, position: position ?? 0 };
		const request = data.agent_request_id;
		return entity !== "request" && typeof request === "string" ? [change, { ...change, entity: "request", id: request }] : [change];
	});
};
