import { sql } from "@agentplanner/db";
import type { Context } from "../context.ts";
import { leaseEnd } from "./claim-delivery.ts";

/**
 * Holds on to what this worker is sending for another lease, in one statement; the deliveries' timers move along.
 * Answers with the ids that are still ours: a missing one was taken by somebody else. One whose row is locked just now is left
 * for the next renewal: who ends an attempt may hold it and want another one that is held here. A locked timer is moved by the next renewal, too.
 */
export const renewLeases = async (ctx: Context, worker: string, deliveryIds: string[]): Promise<string[]> => {
	if (deliveryIds.length === 0) return [];
	const { rows } = await ctx.db.execute<{ id: string }>(sql`
		with lease as materialized (select ${leaseEnd} as until), ours as (
			select id from message_deliveries
			where worker = ${worker} and status = 'sending' and id = any(${sql.param(deliveryIds)}::uuid[])
		), free as (
			select id from message_deliveries
			where worker = ${worker} and status = 'sending' and id = any(${sql.param(deliveryIds)}::uuid[])
			for no key update skip locked
		), renewed as (
			update message_deliveries set lease_until = lease.until from free, lease where message_deliveries.id = free.id returning free.id
		), alarms as (
			select timers.id from timers, renewed
			where timers.type = 'message.delivery.due' and timers.subject_id = renewed.id
			for update of timers skip locked
		), moved as (
			update timers set due_at = lease.until from alarms, lease where timers.id = alarms.id
		)
		select id from ours`);
	return rows.map(({ id }) => id);
};
