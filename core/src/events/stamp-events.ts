import { setTimeout } from "node:timers/promises";
import {
	and,
	asc,
	auditLogs,
	type Database,
	desc,
	eq,
	events,
	gt,
	isNotNull,
	isNull,
	type Listener,
	listen,
	type SQL,
	sql,
	type Transaction,
} from "@agentplanner/db";
import type { Context } from "../context.ts";
import { eventHash } from "./event-hash.ts";

/*
 * The stamper numbers committed events. Ids are handed out before commit, so a cursor over them would miss late commits; the
 * position is given after it, by one stamper at a time (an advisory lock held to the stamper's own commit), so `position > n`
 * misses nothing. It also chains each event to the hash of its project's previous one. Api and worker both run it; whoever
 * doesn't get the lock has nothing to do.
 */

const lockKey = 5_170_320;
const batchSize = 500;
const pollMs = 1_000;
// What is committed within it is stamped together.
const gatherMs = 15;

type Stamp = { id: string; position: number; hash: Buffer };

const tables = { events, audit: auditLogs };

/** Two tables, each numbered and chained on its own. */
export type Chain = keyof typeof tables;

/** Both have the columns that stamping is about. */
const tableOf = (chain: Chain) => tables[chain] as typeof events;

/** Stamps one batch of committed events, and of the audit log. Answers with how many; 0 also when another process is at it. */
export const stampEvents = async (db: Database): Promise<number> => {
	const stamped = await db.orm.transaction(async (tx) => {
		// Audits are rare: whether there are any is asked along, so that events alone cost no query more.
		const lock = await tx.execute<{ got: boolean; audits: boolean }>(
			sql`select pg_try_advisory_xact_lock(${lockKey}) as got, exists (select from ${auditLogs} where ${auditLogs.position} is null) as audits`,
		);
		if (!lock.rows[0]?.got) return 0;
		return (await stampBatch(tx, "events")) + (lock.rows[0].audits ? await stampBatch(tx, "audit") : 0);
	});
	if (stamped > 0) db.notifier.notify("stamped");
	return stamped;
};

const stampBatch = async (tx: Transaction, chain: Chain): Promise<number> => {
	const table = tableOf(chain);
	const rows = await tx.select().from(table).where(isNull(table.position)).orderBy(asc(table.id)).limit(batchSize);
	if (rows.length === 0) return 0;

	const [{ last } = { last: 0 }] = await tx.select({ last: sql<number>`coalesce(max(${table.position}), 0)`.mapWith(Number) }).from(table);
	const projectIds = [...new Set(rows.map((row) => row.projectId))];
	const heads = new Map<string | null, Buffer>();
	for (const projectId of projectIds) {
		const [head] = await tx
			.select({ hash: table.hash })
			.from(table)
			.where(and(ofProject(table, projectId), isNotNull(table.position)))
			.orderBy(desc(table.position))
			.limit(1);
		if (head?.hash) heads.set(projectId, head.hash);
	}
	const stamps = rows.map((row, index): Stamp => {
		const position = last + index + 1;
		const hash = eventHash(heads.get(row.projectId) ?? null, row, position);
		heads.set(row.projectId, hash);
		return { id: row.id, position, hash };
	});
	await tx.execute(sql`
		update ${table} set position = stamp.position, hash = decode(stamp.hash, 'hex')
		from unnest(
			${sql.param(stamps.map((stamp) => stamp.id))}::uuid[],
			${sql.param(stamps.map((stamp) => stamp.position))}::bigint[],
			${sql.param(stamps.map((stamp) => stamp.hash.toString("hex")))}::text[]
		) as stamp(id, position, hash)
		where ${table.id} = stamp.id`);
	return stamps.length;
};

const ofProject = (table: typeof events, projectId: string | null) =>
	projectId === null ? isNull(table.projectId) : eq(table.projectId, projectId);

export type Stamper = { close(): Promise<void> };

/**
 * Stamps whenever something was committed: woken by NOTIFY when it has a `url` to listen at, which one process in a house should have,
 * and by a poll, since NOTIFY is only a hint and that process may be away.
 */
export const startStamper = ({
	url,
	db,
	name,
	onError,
}: {
	url?: string;
	db: Database;
	name: string;
	onError: (error: Error) => void;
}): Stamper => {
	let closed = false;
	let again = false;
	let running: Promise<void> | null = null;

	const drain = async () => {
		do {
			await setTimeout(gatherMs);
			again = false;
			while (!closed && (await stampEvents(db)) >= batchSize);
		} while (again && !closed);
	};
	const wake = () => {
		again = true;
		if (closed) return;
		running ??= drain()
			.catch((error: unknown) => onError(error instanceof Error ? error : new Error(String(error))))
			.finally(() => {
				running = null;
			});
	};
	const listener: Listener | null =
		url === undefined ? null : listen({ url, name: `${name}-stamper`, channels: ["events"], wake, onError });
	const poll = setInterval(wake, pollMs);
	return {
		close: async () => {
			closed = true;
			clearInterval(poll);
			await listener?.close();
			await running;
		},
	};
};

export type BrokenLink = { projectId: string | null; eventId: string; position: number };

/** Recomputes a project's chain from its start; answers with the first row that doesn't fit, null if all do. */
export const verifyChain = async (db: Database, projectId: string | null, chain: Chain = "events"): Promise<BrokenLink | null> => {
	const table = tableOf(chain);
	let previous: Buffer | null = null;
	let after = 0;
	for (;;) {
		const rows = await db.orm
			.select()
			.from(table)
			.where(and(ofProject(table, projectId), gt(table.position, after)))
			.orderBy(asc(table.position))
			.limit(batchSize);
		for (const row of rows) {
			const position = row.position ?? 0;
			const hash = eventHash(previous, row, position);
			if (!row.hash?.equals(hash)) return { projectId, eventId: row.id, position };
			previous = hash;
			after = position;
		}
		if (rows.length < batchSize) return null;
	}
};

type ChainHead = { chain: Chain; project_id: string | null; position: number; hash: string };

/** The last row of one project's chain, or of the one without a project: by the index, whatever the history's length. */
const headOf = (table: "events" | "audit_logs", project: SQL): SQL => sql`
	select position, hash from ${sql.identifier(table)} where ${project} and position is not null order by position desc limit 1`;

/** The last row of every chain: logged from time to time, so that a rewritten chain doesn't match the log. */
export const readChainHeads = async ({ db }: Context): Promise<ChainHead[]> => {
	const { rows } = await db.execute<Record<keyof ChainHead, string> & { chain: Chain; project_id: string | null }>(sql`
		with heads as (
			select 'events' as chain, projects.id as project_id, head.* from projects join lateral (${headOf("events", sql`project_id = projects.id`)}) head on true
			union all
			select 'audit', projects.id, head.* from projects join lateral (${headOf("audit_logs", sql`project_id = projects.id`)}) head on true
			union all
			select 'events', null, head.* from (${headOf("events", sql`project_id is null`)}) head
			union all
			select 'audit', null, head.* from (${headOf("audit_logs", sql`project_id is null`)}) head
		)
		select chain, project_id, position, encode(hash, 'hex') as hash from heads`);
	return rows.map((row) => ({ ...row, position: Number(row.position) }));
};
