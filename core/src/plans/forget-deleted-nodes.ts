import { openRequestStatuses } from "@agentplanner/contracts";
import { sql } from "@agentplanner/db";
import { type Context, inTransaction } from "../context.ts";
import { keptAfterDeletion } from "./bin.ts";
import { forgetNodes } from "./forget-nodes.ts";

const nodesAtOnce = 500;
/** So long a run goes on, well within its workflow's time; the next one takes up what is left. */
const longestMs = 5_000;

/**
 * Removes for good what was deleted from plans more than 30 days ago, from the leaves up, in small transactions, and with it what was
 * asked about it. What somebody still waits for an answer to stays until that ends.
 */
export const forgetDeletedNodes = async (ctx: Context): Promise<{ rowCount: number }> => {
	let rowCount = 0;
	const end = performance.now() + longestMs;
	while (performance.now() < end) {
		const count = await forgetLeaves(ctx);
		if (count === 0) break;
		rowCount += count;
	}
	return { rowCount };
};

/** Answers with the number of nodes. */
const forgetLeaves = (ctx: Context): Promise<number> =>
	// no event: node.deleted said it, and nobody is told of upkeep
	inTransaction(ctx, async (tx) => {
		const { rows } = await tx.db.execute<{ id: string }>(sql`
			select id from plan_nodes node
			where deleted_at < now() - ${keptAfterDeletion}
				and not exists (select from plan_nodes child where child.plan_id = node.plan_id and child.parent_id = node.id)
				and not exists (
					select from agent_requests request
					where request.node_id = node.id and request.status = any(${sql.param([...openRequestStatuses])}::text[])
				)
			limit ${nodesAtOnce}
			for update skip locked`);
		return forgetNodes(
			tx,
			rows.map(({ id }) => id),
		);
	});
