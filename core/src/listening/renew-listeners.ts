import { sql } from "@agentplanner/db";
import type { Context } from "../context.ts";
import { type Hold, listenerLeaseEnd } from "./claim-listeners.ts";

/** A listener that has been up for so long has proved that it can be begun again at once. */
const lasting = sql`interval '10 minutes'`;

/** `wanted`: false once the integration was disabled, or listens no more. */
export type RenewedListener = { integrationId: string; term: number; version: number; wanted: boolean };

/** Holds on to what this worker listens for, in one statement. What is missing in the answer isn't ours any more. */
export const renewListeners = async (ctx: Context, holder: string, holds: readonly Hold[]): Promise<RenewedListener[]> => {
	if (holds.length === 0) return [];
	const { rows } = await ctx.db.execute<{ integration_id: string; term: number; version: number; wanted: boolean }>(sql`
		update integration_listeners listener
		set lease_until = ${listenerLeaseEnd},
			failures = case when listener.state = 'listening' and listener.since < now() - ${lasting} then 0 else listener.failures end
		from unnest(
			${sql.param(holds.map(({ integrationId }) => integrationId))}::uuid[],
			${sql.param(holds.map(({ term }) => term))}::int[]
		) as held (integration_id, term)
		join messaging_integrations integration on integration.id = held.integration_id
		where listener.integration_id = held.integration_id and listener.term = held.term
			and listener.holder = ${holder} and listener.lease_until > now()
		returning listener.integration_id, listener.term, integration.version, integration.enabled and integration.listens as wanted`);
	return rows.map(({ integration_id: integrationId, ...row }) => ({ integrationId, ...row }));
};
