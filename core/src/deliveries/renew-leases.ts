import { sql } from "@agentplanner/db";
import type { Context } from "../context.ts";
import { leaseMs } from "./claim-delivery.ts";

/**
 * Holds on to what this worker is sending for another lease, in one statement; the deliveries' timers move along.
 * Answers with the ids that are still ours: a missing one was taken by somebody else.
 */
export const renewLeases = async (ctx: Context, worker: string, deliveryIds: string[]): Promise<string[]> => {
	if (deliveryIds.length === 0) return [];
	const until = sql`now() + ${leaseMs}::double precision * interval '1 millisecond'`;
	const { rows } = await ctx.db.execute<{ id: string }>(sql`
		with ours as (
			select id from message_deliveries
			where worker = ${worker} and status = 'sending' and id = any(${sql.param(deliveryIds)}::uuid[])
			order by id for no key update
		), renewed as (
			update message_deliveries set lease_until = ${until} from ours where message_deliveries.id = ours.id returning ours.id
		), moved as (
			update timers set due_at = ${until} from renewed where timers.type = 'message.delivery.due' and timers.subject_id = renewed.id
		)
		select id from renewed`);
	return rows.map(({ id }) => id);
};
