import { sql } from "@agentplanner/db";
import type { Context } from "../context.ts";

/** Longer than a replay reaches back, which tells by it what was sent before. */
const kept = "30 days";
/** What gave up and nobody has put aside. */
const keptDead = "90 days";
const atOnce = 1_000;
/** So long a run goes on; the next one takes up what is left. */
const longestMs = 5_000;

/**
 * Deletes what was sent to subscriptions long ago, with its attempts, in small transactions; what still waits stays, however old. Answers with
 * the number of deliveries.
 */
export const forgetSentEvents = async (ctx: Context): Promise<{ rowCount: number }> => {
	const end = performance.now() + longestMs;
	let rowCount = 0;
	for (let deleted = atOnce; deleted === atOnce && performance.now() < end; rowCount += deleted) deleted = await forgetSome(ctx);
	return { rowCount };
};

/** An id tells when its row was made, so what is young isn't looked at. */
const forgetSome = async ({ db }: Context): Promise<number> => {
	const { rowCount } = await db.execute(sql`
		delete from message_deliveries using (
			select sent.id from webhook_subscriptions subscription
			cross join lateral (
				select id from message_deliveries
				where subscription_id = subscription.id and id < (select uuidv7(- ${kept}::interval)) and updated_at < now() - ${kept}::interval
					and (status in ('delivered', 'acknowledged', 'cancelled', 'superseded')
						or (status = 'dead' and (discarded_at is not null or updated_at < now() - ${keptDead}::interval)))
				order by id limit ${atOnce}
				for update skip locked
			) sent
			limit ${atOnce}
		) old
		where message_deliveries.id = old.id`);
	return rowCount ?? 0;
};
