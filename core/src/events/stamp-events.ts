import { and, asc, auditLogs, type Database, desc, isNotNull, isNull, sql, type Transaction } from "@agentplanner/db";
import { type Chain, ofProject, tableOf } from "./chain.ts";
import { eventHash } from "./event-hash.ts";

/*
 * The stamper numbers committed events. Ids are handed out before commit, so a cursor over them would miss late commits; the
 * position is given after it, by one stamper at a time (an advisory lock held to the stamper's own commit), so `position > n`
 * misses nothing. It also chains each event to the hash of its project's previous one. Api and worker both run it; whoever
 * doesn't get the lock tries again in a moment.
 */

const lockKey = 5_170_320;
export const batchSize = 500;

type Stamp = { id: string; position: number; hash: Buffer };

/** Stamps one batch of committed events, and of the audit log. Answers with how many, or that another process is at it. */
export const stampEvents = async (db: Database): Promise<number | "busy"> => {
	const stamped = await db.orm.transaction(async (tx): Promise<number | "busy"> => {
		// Audits are rare: whether there are any is asked along, so that events alone cost no query more.
		const lock = await tx.execute<{ got: boolean; audits: boolean }>(
			sql`select pg_try_advisory_xact_lock(${lockKey}) as got, exists (select from ${auditLogs} where ${auditLogs.position} is null) as audits`,
		);
		if (!lock.rows[0]?.got) return "busy";
		return (await stampBatch(tx, "events")) + (lock.rows[0].audits ? await stampBatch(tx, "audit") : 0);
	});
	if (stamped !== "busy" && stamped > 0) db.notifier.notify("stamped");
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
