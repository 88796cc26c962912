import {
	and,
	asc,
	auditLogs,
	type Channel,
	type Database,
	desc,
	type events,
	isNotNull,
	isNull,
	sql,
	type Transaction,
	withCommit,
} from "@agentplanner/db";
import { type SelectableEvent, selectEvents } from "../subscriptions/select-events.ts";
import { readFilters, startDelivering } from "../subscriptions/start-delivering.ts";
import { type Chain, ofProject, tableOf } from "./chain.ts";
import { eventHash } from "./event-hash.ts";

/*
 * The stamper numbers committed events. Ids are handed out before commit, so a cursor over them would miss late commits; the
 * position is given after it, by one stamper at a time (an advisory lock held to the stamper's own commit), so `position > n`
 * misses nothing. It also chains each event to the hash of its project's previous one, and writes the deliveries of each to the
 * subscriptions that want it: here none is missed and none comes twice, whenever it was committed. A batch ends early where many
 * subscriptions want its events; the rest comes at once. Api and worker both run it; whoever doesn't get the lock tries again in a moment.
 */

const lockKey = 5_170_320;
export const batchSize = 500;
/** So many deliveries to subscriptions one batch writes at most, unless a single event makes more. */
const mostDeliveries = 5_000;

type Stamp = { id: string; position: number; hash: Buffer };

/** Stamps one batch of committed events, and of the audit log. Answers with how many, or that another process is at it. */
export const stampEvents = (db: Database): Promise<number | "busy"> => {
	let wakes: Channel[] = [];
	return db.orm.transaction<number | "busy">(
		async (tx) => {
			// Audits are rare: whether there are any is asked along, so that events alone cost no query more.
			const locking = tx
				.execute<{ got: boolean; audits: boolean }>(
					sql`select pg_try_advisory_xact_lock(${lockKey}) as got, exists (select from ${auditLogs} where ${auditLogs.position} is null) as audits`,
				)
				// Begun before what is read: only behind the lock is that the newest, and without it it counts for nothing.
				.execute();
			const reading = readBatch(tx, "events");
			const [{ rows: locks }, batch] = await Promise.all([locking, reading]);
			if (!locks[0]?.got) return "busy";
			const batches = [batch, ...(locks[0].audits ? [await readBatch(tx, "audit")] : [])].filter(({ rows }) => rows.length > 0);
			const writing = await Promise.all(batches.map((each) => startStamping(tx, each)));
			if (writing.length > 0) wakes = ["stamped"];
			if (writing.some(({ delivering }) => delivering)) wakes = ["stamped", "timers"];
			if (writing.some(({ more }) => more)) wakes.push("events");
			return withCommit(Promise.all(writing.map(({ stamped }) => stamped)).then((counts) => counts.reduce((sum, count) => sum + count, 0)));
		},
		() => ({ statement: null, wakes }),
	);
};

type Batch = { chain: Chain; table: typeof events; rows: (typeof events.$inferSelect)[]; last: number };

const readBatch = async (tx: Transaction, chain: Chain): Promise<Batch> => {
	const table = tableOf(chain);
	const [rows, [{ last } = { last: 0 }]] = await Promise.all([
		tx.select().from(table).where(isNull(table.position)).orderBy(asc(table.id)).limit(batchSize),
		tx.select({ last: sql<number>`coalesce(max(${table.position}), 0)`.mapWith(Number) }).from(table),
	]);
	return { chain, table, rows, last };
};

/** The hash of each of these projects' newest row that has one. */
const readHeads = async (tx: Transaction, table: typeof events, projectIds: (string | null)[]) => {
	const heads = await Promise.all(
		projectIds.map(async (projectId) => {
			const [head] = await tx
				.select({ hash: table.hash })
				.from(table)
				.where(and(ofProject(table, projectId), isNotNull(table.position)))
				.orderBy(desc(table.position))
				.limit(1);
			return [projectId, head?.hash ?? null] as const;
		}),
	);
	return new Map<string | null, Buffer | null>(heads);
};

/** Works out the stamps and begins to write them, and the deliveries that follow; `stamped` tells how many once they are. */
const startStamping = async (tx: Transaction, { chain, table, rows: found, last }: Batch) => {
	const projectIds = [...new Set(found.map((row) => row.projectId))];
	const reading =
		chain === "events"
			? readFilters(
					tx,
					projectIds.filter((id) => id !== null),
				)
			: [];
	const [heads, filters] = await Promise.all([readHeads(tx, table, projectIds), reading]);
	const wanted = selectEvents(
		filters,
		found.map((row, index): SelectableEvent => ({ ...row, position: last + index + 1 })),
	);
	const end = Math.max(wanted[mostDeliveries]?.event.position ?? Number.POSITIVE_INFINITY, last + 2);
	const rows = found.slice(0, end - last - 1);
	const matches = wanted.filter(({ event }) => event.position < end);
	const stamps = rows.map((row, index): Stamp => {
		const position = last + index + 1;
		const hash = eventHash(heads.get(row.projectId) ?? null, row, position);
		heads.set(row.projectId, hash);
		return { id: row.id, position, hash };
	});
	// Begun before the deliveries are: these hold the positions.
	const updating = tx
		.execute(sql`
		update ${table} set position = stamp.position, hash = decode(stamp.hash, 'hex')
		from unnest(
			${sql.param(stamps.map((stamp) => stamp.id))}::uuid[],
			${sql.param(stamps.map((stamp) => stamp.position))}::bigint[],
			${sql.param(stamps.map((stamp) => stamp.hash.toString("hex")))}::text[]
		) as stamp(id, position, hash)
		where ${table.id} = stamp.id`)
		.execute();
	const writing = Promise.all([updating, matches.length > 0 && startDelivering(tx, matches)]);
	return { stamped: writing.then(() => stamps.length), delivering: matches.length > 0, more: rows.length < found.length };
};
