import type { TimerType } from "@agentplanner/contracts";
import { type Database, sql } from "@agentplanner/db";
import { type Engine, EngineUnavailableError } from "../engine.ts";
import type { RunLog, Wake } from "../workflow.ts";
import { leaseSeconds, whileRenewing } from "./lease.ts";
import { wakeMetadata } from "./metadata.ts";
import { batchSize } from "./push-outbox.ts";
import { pushWakes } from "./push-wakes.ts";

/** `due_at`: as it was before the timer was taken; `taken_until`: the one it has got by that. */
type Row = {
	id: string;
	project_id: string;
	type: TimerType;
	subject_id: string;
	data: Record<string, unknown>;
	fired: number;
	due_at: string;
	taken_until: string;
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

const leaseEnd = sql`now() + ${leaseSeconds} * interval '1 second'`;

const take = async ({ db, types }: Options): Promise<Row[]> => {
	const { rows } = await db.orm.execute<Row>(sql`
		with due as (
			select id, due_at from timers
			where due_at <= now() and type in ${[...types]} order by due_at limit ${batchSize} for update skip locked
		)
		update timers set due_at = ${leaseEnd}
		from due where timers.id = due.id
		returning timers.id, project_id, type, subject_id, data, fired, due.due_at::text as due_at, timers.due_at::text as taken_until`);
	return rows;
};

/** Those that were neither replaced nor fired since, and that nobody holds locked: who does is about to replace or delete them. */
const stillThere = (rows: Row[]) => {
	const ids = sql.param(rows.map(({ id }) => id));
	const fired = sql.param(rows.map((row) => row.fired));
	const dueAt = sql.param(rows.map((row) => row.due_at));
	const takenUntil = sql.param(rows.map((row) => row.taken_until));
	return sql`
		select timers.id, before.due_at, timers.due_at = before.taken_until as is_ours
		from unnest(${ids}::uuid[], ${fired}::int[], ${dueAt}::timestamptz[], ${takenUntil}::timestamptz[])
			as before (id, fired, due_at, taken_until)
		join timers on timers.id = before.id and timers.fired = before.fired
		for update of timers skip locked`;
};

const renew = async ({ db }: Options, rows: Row[]): Promise<void> => {
	const renewed = await db.orm.execute<{ id: string; taken_until: string }>(sql`
		with taken as (${stillThere(rows)})
		update timers set due_at = ${leaseEnd} from taken where timers.id = taken.id and is_ours
		returning timers.id, timers.due_at::text as taken_until`);
	const ends = new Map(renewed.rows.map(({ id, taken_until }) => [id, taken_until]));
	for (const row of rows) row.taken_until = ends.get(row.id) ?? row.taken_until;
};

/**
 * 60 s doubling to 15 min from now on, after a push. What somebody has moved meanwhile stays where it is, but its wake id is used up
 * as well: the engine would take the next firing for a repeat.
 */
const putOff = async ({ db }: Options, rows: Row[]): Promise<void> => {
	await db.orm.execute(sql`
		with pushed as (${stillThere(rows)})
		update timers set fired = fired + 1, last_error = null,
			due_at = case when is_ours then now() + least(60 * power(2, least(fired, 10)), 900) * interval '1 second' else timers.due_at end
		from pushed where timers.id = pushed.id`);
};

/** Undoes `take`. */
const giveBack = async ({ db }: Options, rows: Row[]): Promise<void> => {
	await db.orm.execute(sql`
		with taken as (${stillThere(rows)})
		update timers set due_at = taken.due_at from taken where timers.id = taken.id and is_ours`);
};

const note = async ({ db }: Options, row: Row, reason: string): Promise<void> => {
	await db.orm.execute(sql`update timers set last_error = ${reason} where id = ${row.id} and fired = ${row.fired + 1}`);
};

/**
 * Takes one batch of due timers for a while, pushes them, and puts them off: only the verb that a timer wakes replaces or deletes it,
 * so a wake that gets lost comes again. No row is locked during the push, since those verbs would wait for it; an engine that is away
 * finds the timers as they were. Answers whether there may be more.
 */
export const fireTimers = async (options: Options): Promise<boolean> => {
	const { engine, log } = options;
	const rows = await take(options);
	if (rows.length === 0) return false;
	try {
		const refused = await whileRenewing(
			() => renew(options, rows),
			() => pushWakes(engine, rows.map(wakeOf)),
		);
		await putOff(options, rows);
		for (const row of rows) {
			const reason = refused.get(wakeIdOf(row));
			if (reason === undefined) continue;
			log.error({ wakeId: wakeIdOf(row), reason }, "the engine refused a timer");
			await note(options, row, reason);
		}
	} catch (error) {
		if (error instanceof EngineUnavailableError) await giveBack(options, rows);
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
