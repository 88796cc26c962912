import { openRequestStatuses } from "@agentplanner/contracts";
import { sql } from "@agentplanner/db";
import type { Context } from "../context.ts";
import { keptAfterDeletion } from "./bin.ts";
import { maxDepth } from "./parent.ts";

/**
 * Removes for good what was deleted from plans more than 30 days ago, from the leaves up, and with it what was asked about it. What
 * somebody still waits for an answer to stays until that ends.
 */
export const forgetDeletedNodes = async (ctx: Context): Promise<{ rowCount: number }> => {
	let total = 0;
	for (let level = 0; level < maxDepth; level += 1) {
		const { rowCount } = await ctx.db.execute(sql`
			delete from plan_nodes node
			where deleted_at < now() - ${keptAfterDeletion}
				and not exists (select from plan_nodes child where child.plan_id = node.plan_id and child.parent_id = node.id)
				and not exists (
					select from agent_requests request
					where request.node_id = node.id and request.status = any(${sql.param([...openRequestStatuses])}::text[])
				)`);
		total += rowCount ?? 0;
		if (!rowCount) break;
	}
	return { rowCount: total };
};
