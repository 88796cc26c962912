import type { PlannerEvent } from "@agentplanner/contracts";
import { and, asc, eq, events, gt, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
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
