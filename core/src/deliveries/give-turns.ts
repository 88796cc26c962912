import { sql } from "@agentplanner/db";
import { inTransaction, type ProjectContext } from "../context.ts";

/**
 * Wakes up to `count` of the deliveries that wait their turn at an integration, those that were made first, and answers with their ids.
 * None while it is disabled, or its breaker open, unless it is to `probe`; while it is held, for the moment when the hold ends. None to
 * what has a moment reserved already. Each is given its turn once until it is claimed or turned away again; should its wake-up get lost,
 * its timer comes again.
 */
export const giveTurns = (
	ctx: ProjectContext,
	integrationId: string,
	count: number,
	{ probe = false }: { probe?: boolean } = {},
): Promise<string[]> =>
	inTransaction(ctx, async (tx) => {
		// no event: it goes on waiting until it is claimed
		const { rows } = await tx.db.execute<{ subject_id: string }>(sql`
			with next as (
				select timer.id, integration.held_until from message_deliveries delivery
				join timers timer on timer.type = 'message.delivery.due' and timer.subject_id = delivery.id
				join messaging_integrations integration on integration.id = delivery.integration_id
				where delivery.project_id = ${tx.projectId} and delivery.integration_id = ${integrationId}
					and delivery.waits_since is not null and delivery.status in ('queued', 'retrying', 'unknown') and not timer.data ? 'turn'
					and delivery.turn_at is null and integration.enabled and (integration.breaker_opened_at is null or ${probe})
				order by delivery.id limit ${count}
				for update of timer skip locked
			)
			update timers set id = uuidv7(), due_at = greatest(now(), next.held_until), fired = 0, last_error = null, created_at = now(),
				data = data || '{"turn": true}'
			from next where timers.id = next.id
			returning subject_id`);
		if (rows.length > 0) tx.pending.wakes.add("timers");
		return rows.map(({ subject_id }) => subject_id);
	});
