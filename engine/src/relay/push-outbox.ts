import type { WakeType } from "@agentplanner/contracts";
import { type Database, sql } from "@agentplanner/db";
import { type Engine, EngineUnavailableError } from "../engine.ts";
import type { RunLog, Wake } from "../workflow.ts";
import { leaseSeconds, whileRenewing } from "./lease.ts";
import { wakeMetadata } from "./metadata.ts";
import { pushWakes } from "./push-wakes.ts";

export const batchSize = 100;
const maxAttempts = 10;

type Row = {
	event_id: string;
	type: WakeType;
	project_id: string | null;
	subject_type: string;
	subject_id: string;
	data: Record<string, unknown>;
	trace_id: string | null;
};

const wakeOf = (row: Row): Wake => ({
	type: row.type,
	input: { wakeId: row.event_id, projectId: row.project_id, subjectId: row.subject_id, data: row.data },
	metadata: wakeMetadata({
		projectId: row.project_id,
		traceId: row.trace_id,
		agentRequestId: row.data.agent_request_id ?? (row.subject_type === "request" ? row.subject_id : undefined),
	}),
});

type Options = { db: Database; engine: Engine; types: readonly WakeType[]; log: RunLog };

/** `until`: the `next_try_at` that all of them have got by being taken. */
type Batch = { rows: Row[]; until: string };

const leaseEnd = sql`now() + ${leaseSeconds} * interval '1 second'`;

const take = async ({ db, types }: Options): Promise<Batch> => {
	const { rows } = await db.orm.execute<Row & { until: string }>(sql`
		with due as (
			select event_id from outbox
			where parked_at is null and next_try_at <= now() and type in ${[...types]}
			order by next_try_at, event_id limit ${batchSize} for update skip locked
		)
		update outbox set next_try_at = ${leaseEnd}
		from due join events on events.id = due.event_id where outbox.event_id = due.event_id
		returning outbox.event_id, outbox.type, events.project_id, events.subject_type, events.subject_id, events.data, events.trace_id,
			outbox.next_try_at::text as until`);
	return { rows, until: rows[0]?.until ?? "" };
};

const idsOf = (rows: Row[]) => sql`${sql.param(rows.map((row) => row.event_id))}::uuid[]`;

/** Those that no other relay has taken since. */
const stillTaken = ({ rows, until }: Batch) => sql`event_id = any(${idsOf(rows)}) and next_try_at = ${until}::timestamptz`;

const renew = async ({ db }: Options, batch: Batch): Promise<void> => {
	const { rows } = await db.orm.execute<{ until: string }>(
		sql`update outbox set next_try_at = ${leaseEnd} where ${stillTaken(batch)} returning next_try_at::text as until`,
	);
	batch.until = rows[0]?.until ?? batch.until;
};

const giveBack = async ({ db }: Options, batch: Batch): Promise<void> => {
	await db.orm.execute(sql`update outbox set next_try_at = now() where ${stillTaken(batch)}`);
};

const forget = async ({ db }: Options, rows: Row[]): Promise<void> => {
	if (rows.length > 0) await db.orm.execute(sql`delete from outbox where event_id = any(${idsOf(rows)})`);
};

/** 1 s doubling to 5 min; after the last try it waits for a person. */
const putOff = async ({ db, log }: Options, eventId: string, reason: string): Promise<void> => {
	const { rows } = await db.orm.execute<{ attempts: number; parked: boolean }>(sql`
		update outbox set attempts = attempts + 1, last_error = ${reason},
			next_try_at = now() + least(power(2, attempts), 300) * interval '1 second',
			parked_at = case when attempts + 1 >= ${maxAttempts} then now() end
		where event_id = ${eventId} returning attempts, parked_at is not null as parked`);
	const parked = rows[0]?.parked === true;
	log.error(
		{ eventId, reason, attempts: rows[0]?.attempts },
		parked ? "event parked: the engine refuses it" : "the engine refused an event",
	);
};

/**
 * Takes one batch of events for a while, tells the engine of them, and deletes their outbox rows: at least once, and no transaction
 * is open during the push. Answers whether there may be more.
 */
export const pushOutbox = async (options: Options): Promise<boolean> => {
	const batch = await take(options);
	const { rows } = batch;
	if (rows.length === 0) return false;
	try {
		const refused = await whileRenewing(
			() => renew(options, batch),
			() => pushWakes(options.engine, rows.map(wakeOf)),
		);
		await forget(
			options,
			rows.filter((row) => !refused.has(row.event_id)),
		);
		for (const [eventId, reason] of refused) await putOff(options, eventId, reason);
	} catch (error) {
		if (error instanceof EngineUnavailableError) await giveBack(options, batch);
		throw error;
	}
	return rows.length === batchSize;
};
