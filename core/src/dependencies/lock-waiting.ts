import { sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { blockersOf } from "./finished.ts";
import { lockDependencies } from "./lock-dependencies.ts";

/** Whether something unfinished blocks the node or a node above it; nothing of that ends before the transaction does. */
export const lockWaiting = async (tx: Tx<ProjectContext>, nodeId: string): Promise<boolean> => {
	await lockDependencies(tx);
	const { rows } = await tx.db.execute(sql`
		select from plan_nodes node where node.project_id = ${tx.projectId} and node.id = ${nodeId} and exists (${blockersOf("node")})`);
	return rows.length > 0;
};
