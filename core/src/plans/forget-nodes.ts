import { sql } from "@agentplanner/db";
import type { Tx } from "../context.ts";

/** Removes nodes that nothing stands below, for good, with what waits for them: a timer belongs to no row, and would be raised for ever. */
export const forgetNodes = async (tx: Tx, nodeIds: string[]): Promise<void> => {
	const ids = sql`any(${sql.param(nodeIds)}::uuid[])`;
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
};
