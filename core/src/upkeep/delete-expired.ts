import { idempotencyKeys, inboundEvents, lt, sql, userSessions, workerRuns } from "@agentplanner/db";
import type { Context } from "../context.ts";

const ago = (interval: string) => sql`now() - ${interval}::interval`;

/** Deletes what nobody can ask for any more. Answers with the number of rows by table. */
export const deleteExpired = async (ctx: Context): Promise<Record<string, number>> => {
	const counts = {
		user_sessions: await ctx.db.delete(userSessions).where(lt(userSessions.expiresAt, sql`now()`)),
		idempotency_keys: await ctx.db.delete(idempotencyKeys).where(lt(idempotencyKeys.createdAt, ago("30 days"))),
		inbound_events: await ctx.db.delete(inboundEvents).where(lt(inboundEvents.receivedAt, ago("90 days"))),
		worker_runs: await ctx.db.delete(workerRuns).where(lt(workerRuns.lastSeenAt, ago("7 days"))),
	};
	return Object.fromEntries(Object.entries(counts).map(([table, { rowCount }]) => [table, rowCount ?? 0]));
};
