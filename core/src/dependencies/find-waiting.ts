import { sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { blockersOf } from "./finished.ts";

/**
 * Those of the nodes that are open and that something unfinished blocks, or a node above them. Behind `lockDependencies` nothing of that ends
 * before the transaction does.
 */
export const findWaiting = async (tx: Tx<ProjectContext>, nodeIds: readonly string[]): Promise<Set<string>> => {
	const { rows } = await tx.db.execute<{ id: string }>(sql`
		select node.id from plan_nodes node
		where node.project_id = ${tx.projectId} and node.id = any(${sql.param([...nodeIds])}::uuid[])
			and node.status in ('not_started', 'in_progress') and exists (${blockersOf("node")})`);
	return new Set(rows.map(({ id }) => id));
};
