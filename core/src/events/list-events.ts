import { eventTypes, type PlannerEvent, patternMatches } from "@agentplanner/contracts";
import { and, asc, eq, events, gt, lte, type SQL, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { happenedInVisiblePlan } from "../plans/authorize-plan.ts";
import { currentPosition } from "./current-position.ts";
import { isReadable } from "./readable-events.ts";

type Query = {
	limit: number;
	cursor: number;
	subject_id?: string | undefined;
	plan_id?: string | undefined;
	/** Patterns with commas between them. */
	types?: string | undefined;
};

/**
 * A project's events after a position, in commit order, without those of plans that one doesn't see, and of what one may not read; `next_cursor` is the last position
 * read, also where nothing there was asked for.
 */
export const listEvents = async (ctx: ProjectContext, query: Query): Promise<{ items: PlannerEvent[]; next_cursor: number }> => {
	await authorize(ctx, "events:read");
	// Positions become visible in order, so all up to this one is seen by the query after it.
	const head = await currentPosition(ctx);
	const { subject_id: subjectId, plan_id: planId, types, limit, cursor } = query;
	const rows = await ctx.db
		.select()
		.from(events)
		.where(
			and(
				eq(events.projectId, ctx.projectId),
				gt(events.position, cursor),
				lte(events.position, head),
				sql`(${events.planId} is null or ${happenedInVisiblePlan(ctx, events.planId)})`,
				isReadable(ctx),
				subjectId ? eq(events.subjectId, subjectId) : undefined,
				planId ? eq(events.planId, planId) : undefined,
				types ? isOfType(types.split(",")) : undefined,
			),
		)
		.orderBy(asc(events.position))
		.limit(limit);
	const items = rows.map(
		(row): PlannerEvent => ({
			id: row.id,
			position: row.position ?? 0,
			type: row.type,
			subject_type: row.subjectType,
			subject_id: row.subjectId,
			data: row.data,
			actor: withoutSession(row.actor),
			request_id: row.requestId,
			trace_id: row.traceId,
			occurred_at: row.occurredAt.toISOString(),
		}),
	);
	const last = items.at(-1)?.position ?? cursor;
	return { items, next_cursor: items.length < limit ? Math.max(last, head) : last };
};

/** Which of their sessions somebody used is theirs to know. */
const withoutSession = ({ sessionId: _, ...actor }: Record<string, unknown>) => actor;

/** What no pattern can match is nothing. */
const isOfType = (patterns: string[]): SQL =>
	sql`${events.type} = any(${sql.param(eventTypes.filter((type) => patterns.some((pattern) => patternMatches(pattern, type))))}::text[])`;
