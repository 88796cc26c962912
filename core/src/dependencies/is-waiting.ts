import { sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { blockersOf } from "./finished.ts";

/** Whether something unfinished blocks the node or a node above it. */
export const isWaiting = async (ctx: ProjectContext, nodeId: string): Promise<boolean> => {
	const { rows } = await ctx.db.execute(sql`
		select from plan_nodes node where node.project_id = ${ctx.projectId} and node.id = ${nodeId} and exists (${blockersOf("node")})`);
	return rows.length > 0;
};
