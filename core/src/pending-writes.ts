import type { TimerType } from "@agentplanner/contracts";
import { type Channel, type SQL, sql } from "@agentplanner/db";
import { nodeIdOfPlace, type Place, planIdOfPlace } from "./events/place.ts";

/** An event as its row will be; `trigger`: a workflow listens, so the engine must be told. */
export type PendingEvent = Place & {
	project_id: string | null;
	type: string;
	subject_type: string;
	subject_id: string;
	data: Record<string, unknown>;
	actor: Record<string, unknown>;
	request_id: string | null;
	trace_id: string | null;
	trigger: boolean;
};

/** A timer to set, at a moment or that many milliseconds after the database's now(), or one to delete. */
export type PendingTimer = { type: TimerType; subject_id: string } & (
	| { project_id: string; due_at: string | null; due_in_ms: number | null; data: Record<string, unknown> }
	| { deleted: true }
);

/** A sign of life of an agent. */
export type PendingHeartbeat = { project_id: string; agent_id: string };

/**
 * What a transaction has to say beside its own rows: events with their outbox rows, timers, heartbeats. Gathered while it works and
 * written in one statement that goes along with the COMMIT, so that it costs no round trip however much there is.
 */
export type PendingWrites = {
	events: PendingEvent[];
	timers: Map<string, PendingTimer>;
	heartbeats: Map<string, PendingHeartbeat>;
	wakes: Set<Channel>;
	/** A verb inside of the transaction failed halfway: what it left here must not be written without the rest of it. */
	spoilt: boolean;
};

export const noPendingWrites = (): PendingWrites => ({
	events: [],
	timers: new Map(),
	heartbeats: new Map(),
	wakes: new Set(),
	spoilt: false,
});

/** The last word on a timer counts, as if each had been written at once. */
export const putTimer = ({ timers }: PendingWrites, timer: PendingTimer): void => {
	timers.set(`${timer.type}/${timer.subject_id.toLowerCase()}`, timer);
};

const rowsOf = (rows: unknown[]): SQL => sql`${JSON.stringify(rows)}::jsonb`;

const textsOf = (texts: string[]): SQL => sql`${sql.param(texts)}::text[]`;

/** A timer set again is a new one, also by its id, so that no wake id ever comes twice. */
export const orRenewTimer = sql`on conflict (type, subject_id) do update
	set id = excluded.id, due_at = excluded.due_at, data = excluded.data, fired = 0, last_error = null, created_at = now()`;

const setTimers = (rows: PendingTimer[]): SQL => sql`set_timers as (
	insert into timers (project_id, type, subject_id, due_at, data)
	select project_id, type, subject_id, coalesce(due_at, now() + due_in_ms * interval '1 millisecond'), data
	from jsonb_to_recordset(${rowsOf(rows)})
		as timer (project_id uuid, type text, subject_id uuid, due_at timestamptz, due_in_ms double precision, data jsonb)
	${orRenewTimer}
)`;

// Written out: of a list as values Postgres knows the length, takes the index, and keeps one plan for all lists of that length.
const deleteTimers = (rows: PendingTimer[]): SQL => sql`deleted_timers as (
	delete from timers where (type, subject_id) in (values ${sql.join(
		rows.map(({ type, subject_id }) => sql`(${type}, ${subject_id}::uuid)`),
		sql`, `,
	)})
)`;

const insertEvents = (rows: PendingEvent[]): SQL => sql`emitted as (
	insert into events (project_id, type, subject_type, subject_id, data, actor, request_id, trace_id, plan_id, node_id)
	select project_id, type, subject_type, subject_id, data, actor, request_id, trace_id, ${planIdOfPlace}, ${nodeIdOfPlace}
	from jsonb_to_recordset(${rowsOf(rows)}) as event (
		project_id uuid, type text, subject_type text, subject_id uuid, data jsonb, actor jsonb, request_id text, trace_id text,
		plan_id uuid, node_id uuid, agent_request_id uuid, decision_id uuid
	)
	returning id, type
)`;

const insertOutbox = (types: string[]): SQL => sql`told as (
	insert into outbox (event_id, type) select id, type from emitted where type = any(${textsOf(types)})
)`;

/**
 * At most once in 5 seconds, so that a busy agent costs no write each time. Both conditions stand before the insert: `on conflict do
 * update` locks the row even where it then changes nothing, and who comes while another one notes the same needn't wait for it.
 */
const noteHeartbeats = (rows: PendingHeartbeat[]): SQL => sql`noted_heartbeats as (
	insert into agent_heartbeats (project_id, agent_id, last_seen_at)
	select beat.project_id, beat.agent_id, now()
	from jsonb_to_recordset(${rowsOf(rows)}) as beat (project_id uuid, agent_id uuid)
	where case
		when exists (
			select from agent_heartbeats known
			where known.project_id = beat.project_id and known.agent_id = beat.agent_id and known.last_seen_at > now() - interval '5 seconds'
		) then false
		else pg_try_advisory_xact_lock(hashtextextended(beat.agent_id::text, 0))
	end
	on conflict (project_id, agent_id) do update set last_seen_at = greatest(agent_heartbeats.last_seen_at, excluded.last_seen_at)
)`;

// The relay looks for due timers twice a second by itself: only what is due before that needs a word.
const nearMs = 1_000;

const isNear = (timer: PendingTimer): boolean => {
	if ("deleted" in timer) return false;
	return (timer.due_at === null ? (timer.due_in_ms ?? 0) : Date.parse(timer.due_at) - Date.now()) < nearMs;
};

/** What is pending as one statement, and in `wakes` whom it concerns; null if nothing is. Where it is spoilt, throws: all is rolled back. */
export const pendingStatement = ({ events, timers, heartbeats, wakes, spoilt }: PendingWrites): SQL | null => {
	if (spoilt) throw new Error("A verb inside of this transaction failed, and its error was caught. Let it end the transaction.");
	const gone = [...timers.values()].filter((timer) => "deleted" in timer);
	const set = [...timers.values()].filter((timer) => !("deleted" in timer));
	const triggers = [...new Set(events.filter(({ trigger }) => trigger).map(({ type }) => type))];
	if (set.some(isNear)) wakes.add("timers");
	if (events.length > 0) wakes.add("events");
	if (triggers.length > 0) wakes.add("outbox");
	const parts = [
		...(gone.length > 0 ? [deleteTimers(gone)] : []),
		...(set.length > 0 ? [setTimers(set)] : []),
		...(heartbeats.size > 0 ? [noteHeartbeats([...heartbeats.values()])] : []),
		...(events.length > 0 ? [insertEvents(events)] : []),
		...(triggers.length > 0 ? [insertOutbox(triggers)] : []),
	];
	return parts.length === 0 ? null : sql`with ${sql.join(parts, sql`, `)} select`;
};
