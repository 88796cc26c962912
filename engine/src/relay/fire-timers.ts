import type { TimerType } from "@agentplanner/contracts";
import { type Database, sql } from "@agentplanner/db";
import type { Engine } from "../engine.ts";
import type { RunLog, Wake } from "../workflow.ts";
import { wakeMetadata } from "./metadata.ts";
import { batchSize } from "./push-outbox.ts";
import { pushWakes } from "./push-wakes.ts";

type Row = { id: string; project_id: string; type: TimerType; subject_id: string; data: Record<string, unknown>; fired: number };

const wakeIdOf = (row: Row) => `${row.id}:${row.fired}`;

const wakeOf = (row: Row): Wake => ({
	type: row.type,
	input: { wakeId: wakeIdOf(row), projectId: row.project_id, subjectId: row.subject_id, data: row.data },
	metadata: wakeMetadata({
		projectId: row.project_id,
		traceId: typeof row.data.trace_id === "string" ? row.data.trace_id : null,
		agentRequestId: row.data.agent_request_id ?? (row.type.startsWith("agent.request.") ? row.subject_id : undefined),
	}),
});

type Options = { db: Database; engine: Engine; types: readonly TimerType[]; log: RunLog };

/**
 * Pushes one batch of due timers and moves them on, 60 s doubling to 15 min: only the verb that a timer wakes replaces or
 * deletes it, so a wake that gets lost comes again. Answers whether there may be more.
 */
export const fireTimers = async ({ db, engine, types, log }: Options): Promise<boolean> =>
	db.orm.transaction(async (tx) => {
		const { rows } = await tx.execute<Row>(sql`
			select id, project_id, type, subject_id, data, fired from timers
			where due_at <= now() and type in ${[...types]} order by due_at limit ${batchSize} for update skip locked`);
		if (rows.length === 0) return false;
		const refused = await pushWakes(engine, rows.map(wakeOf));
		const reasons = rows.map((row) => refused.get(wakeIdOf(row)) ?? null);
		await tx.execute(sql`
			update timers set fired = fired + 1, last_error = moved.reason,
				due_at = now() + least(60 * power(2, least(fired, 10)), 900) * interval '1 second'
			from unnest(${sql.param(rows.map((row) => row.id))}::uuid[], ${sql.param(reasons)}::text[]) as moved (id, reason)
			where timers.id = moved.id`);
		for (const [wakeId, reason] of refused) log.error({ wakeId, reason }, "the engine refused a timer");
		return rows.length === batchSize;
	});

/** Milliseconds until the next timer of these types is due; null if there is none. */
export const nextTimerMs = async (db: Database, types: readonly TimerType[]): Promise<number | null> => {
	const { rows } = await db.orm.execute<{ ms: string | null }>(
		sql`select extract(epoch from min(due_at) - clock_timestamp()) * 1000 as ms from timers where type in ${[...types]}`,
	);
	const ms = rows[0]?.ms ?? null;
	return ms === null ? null : Math.max(0, Number(ms));
};
