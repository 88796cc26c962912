import { sql } from "@agentplanner/db";
import { type Context, inTransaction, type ProjectContext } from "../context.ts";

/**
 * Wakes up to `count` of the deliveries that wait their turn at an integration, those that were made first, and answers with their ids.
 * None while it is disabled, or its breaker open, unless it is to `probe`. While it is held they are woken when the hold ends, and then
 * wake the next; so nobody comes now, and none is answered. None to what has a moment reserved already. Each is given its turn once until it
 * is claimed or turned away again; should its wake-up get lost, its timer comes again.
 */
export const giveTurns = (
	ctx: ProjectContext,
	integrationId: string,
	count: number,
	{ probe = false }: { probe?: boolean } = {},
): Promise<string[]> =>
	inTransaction(ctx, async (tx) => {
		// no event: it goes on waiting until it is claimed
		const { rows } = await tx.db.execute<{ subject_id: string; comes_now: boolean }>(sql`
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
			returning subject_id, coalesce(next.held_until <= now(), true) as comes_now`);
		if (rows.length > 0) tx.pending.wakes.add("timers");
		return rows.flatMap(({ subject_id, comes_now }) => (comes_now ? [subject_id] : []));
	});

/**
 * Gives a turn at each integration where some wait and nothing is being sent: whoever was to give it may have died. Each that is sent then
 * gives the next. Answers with the integrations' ids.
 */
export const giveStalledTurns = async (ctx: Context): Promise<string[]> => {
	const { rows } = await ctx.db.execute<{ id: string; project_id: string }>(sql`
		select id, project_id from messaging_integrations integration
		where enabled and breaker_opened_at is null and coalesce(held_until <= now(), true)
			and exists (select from message_deliveries waiting where waiting.integration_id = integration.id
				and waits_since < now() - interval '10 seconds' and status in ('queued', 'retrying', 'unknown') and turn_at is null)
			and not exists (select from message_deliveries where integration_id = integration.id and status = 'sending')`);
	for (const { id, project_id: projectId } of rows) await giveTurns({ ...ctx, projectId }, id, 1);
	return rows.map(({ id }) => id);
};
