import { sql } from "@agentplanner/db";
import type { Context } from "../context.ts";
import { leaseMs } from "./claim-delivery.ts";

/**
 * Holds on to what this worker is sending for another lease, in one statement; the deliveries' timers move along.
 * Answers with the ids that are still ours: a missing one was taken by somebody else. One whose row is locked just now is left
 * for the next renewal: who ends an attempt may hold it and want another one that is held here.
 */
export const renewLeases = async (ctx: Context, worker: string, deliveryIds: string[]): Promise<string[]> => {
	if (deliveryIds.length === 0) return [];
	const until = sql`now() + ${leaseMs}::double precision * interval '1 millisecond'`;
	const { rows } = await ctx.db.execute<{ id: string }>(sql`
		with ours as (
			select id from message_deliveries
			where worker = ${worker} and status = 'sending' and id = any(${sql.param(deliveryIds)}::uuid[])
		), free as (
			select id from message_deliveries
			where worker = ${worker} and status = 'sending' and id = any(${sql.param(deliveryIds)}::uuid[])
			for no key update skip locked
		), renewed as (
			update message_deliveries set lease_until = ${until} from free where message_deliveries.id = free.id returning free.id
		), moved as (
			update timers set due_at = ${until} from renewed where timers.type = 'message.delivery.due' and timers.subject_id = renewed.id
		)
		select id from ours`);
	return rows.map(({ id }) => id);
};
