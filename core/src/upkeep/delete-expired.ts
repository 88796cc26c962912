import {
	and,
	goals,
	idempotencyKeys,
	inboundEvents,
	lt,
	ne,
	planChanges,
	planComments,
	sql,
	userSessions,
	workerRuns,
} from "@agentplanner/db";
import type { Context } from "../context.ts";
import { forgetDeletedNodes } from "../plans/forget-deleted-nodes.ts";
import { forgetDeletedPlans } from "../plans/forget-deleted-plans.ts";
import { forgetSentEvents } from "../subscriptions/forget-sent-events.ts";

const ago = (interval: string) => sql`now() - ${interval}::interval`;

/** An ear is good for minutes, and some are tokens: whoever was not told by now won't be. */
const forgetEars = (ctx: Context) =>
	ctx.db
		.update(inboundEvents)
		.set({ data: sql`${inboundEvents.data} - 'ear' - 'notice'` })
		.where(and(lt(inboundEvents.receivedAt, ago("1 hour")), sql`${inboundEvents.data} ? 'ear'`));

const isLongDeleted = lt(planComments.deletedAt, ago("30 days"));

/** The place of a deleted comment stays where somebody answered it. */
const forgetComments = (ctx: Context) =>
	ctx.db
		.update(planComments)
		.set({ text: "", mentions: [] })
		.where(and(isLongDeleted, ne(planComments.text, "")));

const deleteComments = (ctx: Context) =>
	ctx.db
		.delete(planComments)
		.where(and(isLongDeleted, sql`not exists (select from plan_comments reply where reply.parent_id = ${planComments.id})`));

/** Deletes what nobody can ask for any more. Answers with the number of rows by table, and of ears. */
export const deleteExpired = async (ctx: Context): Promise<Record<string, number>> => {
	const counts = {
		user_sessions: await ctx.db.delete(userSessions).where(lt(userSessions.expiresAt, sql`now()`)),
		idempotency_keys: await ctx.db.delete(idempotencyKeys).where(lt(idempotencyKeys.createdAt, ago("30 days"))),
		inbound_events: await ctx.db.delete(inboundEvents).where(lt(inboundEvents.receivedAt, ago("90 days"))),
		ears: await forgetEars(ctx),
		goals: await ctx.db.delete(goals).where(lt(goals.deletedAt, ago("30 days"))),
		plan_comments: await deleteComments(ctx),
		comment_texts: await forgetComments(ctx),
		worker_runs: await ctx.db.delete(workerRuns).where(lt(workerRuns.lastSeenAt, ago("7 days"))),
		plan_changes: await ctx.db.delete(planChanges).where(lt(planChanges.createdAt, ago("30 days"))),
		message_deliveries: await forgetSentEvents(ctx),
		plan_nodes: await forgetDeletedNodes(ctx),
		plans: await forgetDeletedPlans(ctx),
	};
	return Object.fromEntries(Object.entries(counts).map(([table, { rowCount }]) => [table, rowCount ?? 0]));
};
