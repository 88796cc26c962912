import { and, asc, events, gt, inArray, lte } from "@agentplanner/db";
import type { Context } from "../context.ts";

/** What of an event decides who waits for it. */
export type Happened = { projectId: string | null; planId: string | null; subjectId: string; type: string };

/** What happened in these projects between two positions, the first `limit` of it, for whoever tells those that wait; says nothing of what it was. */
export const readHappened = (
	ctx: Context,
	{ projectIds, after, until, limit }: { projectIds: readonly string[]; after: number; until: number; limit: number },
): Promise<Happened[]> =>
	ctx.db
		.select({ projectId: events.projectId, planId: events.planId, subjectId: events.subjectId, type: events.type })
		.from(events)
		.where(and(inArray(events.projectId, [...projectIds]), gt(events.position, after), lte(events.position, until)))
		.orderBy(asc(events.position))
		.limit(limit);
