import type { WakeType } from "@agentplanner/contracts";
import { type Database, inArray, outbox, sql } from "@agentplanner/db";
import type { Engine } from "../engine.ts";
import type { RunLog, Wake } from "../workflow.ts";
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

/**
 * Tells the engine of one batch of events and deletes their outbox rows, in one transaction: a relay that dies in between
 * frees the rows with its connection, and the next one pushes them again. Answers whether there may be more.
 */
export const pushOutbox = async ({ db, engine, types, log }: Options): Promise<boolean> =>
	db.orm.transaction(async (tx) => {
		const { rows } = await tx.execute<Row>(sql`
			select outbox.event_id, outbox.type, events.project_id, events.subject_type, events.subject_id, events.data, events.trace_id
			from outbox join events on events.id = outbox.event_id
			where outbox.parked_at is null and outbox.next_try_at <= now() and outbox.type in ${[...types]}
			order by outbox.next_try_at, outbox.event_id
			limit ${batchSize} for update of outbox skip locked`);
		if (rows.length === 0) return false;
		const refused = await pushWakes(engine, rows.map(wakeOf));
		const pushed = rows.filter((row) => !refused.has(row.event_id)).map((row) => row.event_id);
		if (pushed.length > 0) await tx.delete(outbox).where(inArray(outbox.eventId, pushed));
		for (const [eventId, reason] of refused) {
			// 1 s doubling to 5 min; after the last try it waits for a person.
			const { rows: after } = await tx.execute<{ attempts: number; parked: boolean }>(sql`
				update outbox set attempts = attempts + 1, last_error = ${reason},
					next_try_at = now() + least(power(2, attempts), 300) * interval '1 second',
					parked_at = case when attempts + 1 >= ${maxAttempts} then now() end
				where event_id = ${eventId} returning attempts, parked_at is not null as parked`);
			const parked = after[0]?.parked === true;
			log.error(
				{ eventId, reason, attempts: after[0]?.attempts },
				parked ? "event parked: the engine refuses it" : "the engine refused an event",
			);
		}
		return rows.length === batchSize;
	});
