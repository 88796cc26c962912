import { type SQL, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { maxDepth } from "./parent.ts";

/** With everything below them, deleted or not as they are; `which` is a condition on `node`. */
const below = (tx: Tx<ProjectContext>, planId: string, rootIds: string[], which: SQL): SQL => sql`
	with recursive below as (
		select node.id, 1 as level from plan_nodes node
		where node.project_id = ${tx.projectId} and node.plan_id = ${planId} and node.id = any(${sql.param(rootIds)}::uuid[]) and ${which}
		union all
		select node.id, below.level + 1 from plan_nodes node join below on node.parent_id = below.id
		where node.plan_id = ${planId} and below.level < ${maxDepth} and ${which}
	)`;

const isLive = sql`node.deleted_at is null`;
const wentWith = (deletionId: string) => sql`node.deletion_id = ${deletionId}`;

/** 1 for nodes with nothing below them. `deletionId`: of what went with that change. */
export const countLevels = async (tx: Tx<ProjectContext>, planId: string, rootIds: string[], deletionId?: string): Promise<number> => {
	const which = deletionId === undefined ? isLive : wentWith(deletionId);
	const { rows } = await tx.db.execute<{ levels: number | null }>(
		sql`${below(tx, planId, rootIds, which)} select max(level) as levels from below`,
	);
	return rows[0]?.levels ?? 1;
};

/** With the nodes themselves. */
export const listBelow = async (tx: Tx<ProjectContext>, planId: string, rootIds: string[]): Promise<string[]> => {
	const { rows } = await tx.db.execute<{ id: string }>(sql`${below(tx, planId, rootIds, isLive)} select id from below`);
	return rows.map(({ id }) => id);
};

/** Answers with how many nodes went. */
export const removeSubtrees = async (tx: Tx<ProjectContext>, planId: string, rootIds: string[], deletionId: string): Promise<number> => {
	const { rowCount } = await tx.db.execute(sql`${below(tx, planId, rootIds, isLive)}
		update plan_nodes node set deleted_at = now(), deletion_id = ${deletionId}, version = version + 1, updated_at = now()
		from below where node.id = below.id`);
	return rowCount ?? 0;
};

/** The opposite, for these of the nodes that went with that change. */
export const bringBack = async (tx: Tx<ProjectContext>, planId: string, rootIds: string[], deletionId: string): Promise<number> => {
	const { rowCount } = await tx.db.execute(sql`${below(tx, planId, rootIds, wentWith(deletionId))}
		update plan_nodes node set deleted_at = null, deletion_id = null, version = version + 1, updated_at = now()
		from below where node.id = below.id`);
	return rowCount ?? 0;
};
