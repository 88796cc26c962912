import { and, asc, type Database, gt, type SQL, sql } from "@agentplanner/db";
import type { Context } from "../context.ts";
import { type Chain, ofProject, tableOf } from "./chain.ts";
import { eventHash } from "./event-hash.ts";

const batchSize = 500;

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
