import { openRequestStatuses } from "@agentplanner/contracts";
import { sql } from "@agentplanner/db";
import type { Tx } from "../context.ts";

/**
 * Removes nodes that nothing stands below, for good, with what waits for them: a timer belongs to no row, and would be raised for ever.
 * One stays about which an answer is awaited anew. Answers with the number of nodes that are gone.
 */
export const forgetNodes = async (tx: Tx, nodeIds: string[]): Promise<number> => {
	const awaited = await lockAwaited(tx, nodeIds);
	const gone = nodeIds.filter((id) => !awaited.has(id));
	const ids = sql`any(${sql.param(gone)}::uuid[])`;
	await tx.db.execute(sql`
		with request as (select id from agent_requests where node_id = ${ids}),
			decision as (select id from decision_requests where node_id = ${ids})
		delete from timers where subject_id in (
			select id from request
			union all select id from decision
			union all select id from agent_responses where agent_request_id in (select id from request)
			union all select id from message_deliveries
				where agent_request_id in (select id from request) or decision_id in (select id from decision)
			union all select id from node_claims where node_id = ${ids}
		)`);
	await tx.db.execute(sql`delete from plan_nodes where id = ${ids}`);
	return gone.length;
};

/** The nodes with a request that is open. Whoever reopens one holds its lock, and comes before or after. */
const lockAwaited = async (tx: Tx, nodeIds: string[]): Promise<ReadonlySet<string>> => {
	const { rows } = await tx.db.execute<{ nodeId: string; isOpen: boolean }>(sql`
		select node_id as "nodeId", status = any(${sql.param([...openRequestStatuses])}::text[]) as "isOpen" from agent_requests
		where node_id = any(${sql.param(nodeIds)}::uuid[])
		order by id
		for update`);
	return new Set(rows.filter(({ isOpen }) => isOpen).map(({ nodeId }) => nodeId));
};
