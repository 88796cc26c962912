import { eq, sql, workerRuns } from "@agentplanner/db";
import type { Context } from "../context.ts";

/** Registers this worker process; answers with its id. */
export const startWorkerRun = async (ctx: Context, { engine, host }: { engine: string; host: string }): Promise<string> => {
	const [row] = await ctx.db
		.insert(workerRuns)
		.values({ engine, host, lastSeenAt: sql`now()` as unknown as Date })
		.returning({ id: workerRuns.id });
	if (!row) throw new Error("The insert returned no row.");
	return row.id;
};

/** A sign of life, with what the worker says of its engine and relay. */
export const beatWorkerRun = async (ctx: Context, id: string, health: Record<string, unknown>): Promise<void> => {
	await ctx.db.update(workerRuns).set({ lastSeenAt: sql`now()`, health }).where(eq(workerRuns.id, id));
};

export const endWorkerRun = async (ctx: Context, id: string): Promise<void> => {
	await ctx.db.update(workerRuns).set({ stoppedAt: sql`now()` }).where(eq(workerRuns.id, id));
};
