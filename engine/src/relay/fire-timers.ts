import type { TimerType } from "@agentplanner/contracts";
import { type Database, sql } from "@agentplanner/db";
import { type Engine, EngineUnavailableError } from "../engine.ts";
import type { RunLog, Wake } from "../workflow.ts";
import { wakeMetadata } from "./metadata.ts";
import { batchSize } from "./push-outbox.ts";
import { pushWakes } from "./push-wakes.ts";

/** `fired` and `due_at`: as they were before the timer was moved on. */
type Row = {
	id: string;
	project_id: string;
	type: TimerType;
	subject_id: string;
	data: Record<string, unknown>;
	fired: number;
	due_at: string;
};

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

const moveOn = async ({ db, types }: Options): Promise<Row[]> => {
	const { rows } = await db.orm.execute<Row>(sql`
		with due as (
			select id, fired, due_at from timers
			where due_at <= now() and type in ${[...types]} order by due_at limit ${batchSize} for update skip locked
		)
		update timers set fired = timers.fired + 1, last_error = null,
			due_at = now() + least(60 * power(2, least(timers.fired, 10)), 900) * interval '1 second'
		from due where timers.id = due.id
		returning timers.id, project_id, type, subject_id, data, due.fired, due.due_at::text as due_at`);
	return rows;
};

/** Undoes `moveOn` where nobody has set the timer anew, nor is about to: who holds its lock replaces or deletes it. */
const bringBack = async ({ db }: Options, rows: Row[]): Promise<void> => {
	const ids = sql.param(rows.map(({ id }) => id));
	const fired = sql.param(rows.map((row) => row.fired));
	const dueAt = sql.param(rows.map((row) => row.due_at));
	await db.orm.execute(sql`
		with back as (
			select timers.id, before.fired, before.due_at
			from unnest(${ids}::uuid[], ${fired}::int[], ${dueAt}::timestamptz[]) as before (id, fired, due_at)
			join timers on timers.id = before.id and timers.fired = before.fired + 1
			for update of timers skip locked
		)
		update timers set fired = back.fired, due_at = back.due_at from back where timers.id = back.id`);
};

const note = async ({ db }: Options, row: Row, reason: string): Promise<void> => {
	await db.orm.execute(sql`update timers set last_error = ${reason} where id = ${row.id} and fired = ${row.fired + 1}`);
};

/**
 * Moves one batch of due timers on, 60 s doubling to 15 min, and pushes them: only the verb that a timer wakes replaces or deletes
 * it, so a wake that gets lost comes again. No row is locked during the push, since those verbs would wait for it; an engine that
 * is away finds the timers as they were. Answers whether there may be more.
 */
export const fireTimers = async (options: Options): Promise<boolean> => {
	const { engine, log } = options;
	const rows = await moveOn(options);
	try {
		const refused = await pushWakes(engine, rows.map(wakeOf));
		for (const row of rows) {
			const reason = refused.get(wakeIdOf(row));
			if (reason === undefined) continue;
			log.error({ wakeId: wakeIdOf(row), reason }, "the engine refused a timer");
			await note(options, row, reason);
		}
	} catch (error) {
		if (error instanceof EngineUnavailableError) await bringBack(options, rows);
		throw error;
	}
	return rows.length === batchSize;
};

/** Milliseconds until the next timer of these types is due; null if there is none. */
export const nextTimerMs = async (db: Database, types: readonly TimerType[]): Promise<number | null> => {
	const { rows } = await db.orm.execute<{ ms: string | null }>(
		sql`select extract(epoch from min(due_at) - clock_timestamp()) * 1000 as ms from timers where type in ${[...types]}`,
	);
	const ms = rows[0]?.ms ?? null;
	return ms === null ? null : Math.max(0, Number(ms));
};
