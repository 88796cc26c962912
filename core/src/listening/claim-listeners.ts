import { type SQL, sql } from "@agentplanner/db";
import type { Context } from "../context.ts";
import type { SealedIntegration } from "../integrations/open-integration.ts";

/*
 * Listening for one integration, from here to release-listener.ts:
 *
 *   nobody ──claim──► connecting ──report──► listening ◄──report──► reconnecting
 *      ▲                                                                │
 *      ├── stopped: a worker ends, the integration was changed ─────────┤  begun again at once
 *      ├── failed: reconnecting, or refused where a person must act ────┤  begun again at next_try_at
 *      └── the lease ran out: the worker was killed, or cut off ────────┘  begun again then
 *
 * One process at a time: the claim takes the row only where no lease runs, counts the term up, and whoever holds an older term can
 * write nothing. Every start counts as one that failed until it was stopped properly or has lasted: a listener that takes its
 * process with it isn't begun again every few seconds. All times are the database's.
 */

/** How long a claim holds without renewal; a worker renews every second, and stops listening before it has passed. */
export const listenerLeaseMs = 15_000;

export const listenerLeaseEnd = sql`clock_timestamp() + ${listenerLeaseMs}::double precision * interval '1 millisecond'`;

/** What wants to be begun at once shall not be begun by one worker: others may be starting, too. */
const mostAtOnce = 10;

/** How long to wait after so many failures: a second, doubling to five minutes, by a fifth more or less. Discord allows 1000 starts a day. */
export const waitAfter = (failures: SQL): SQL =>
	sql`interval '1 second' * least(300, power(2, least(${failures}, 10) - 1)) * (0.8 + 0.4 * random())`;

/** One worker's right to listen for one integration. */
export type Hold = { integrationId: string; projectId: string; holder: string; term: number };

export type ListenerClaim = Hold & {
	/** The integration's, which the listener is to be begun anew with when it changes. */
	version: number;
	integration: SealedIntegration;
	/** Sealed. */
	session: Buffer | null;
};

type Claimed = {
	integration_id: string;
	project_id: string;
	holder: string;
	term: number;
	version: number;
	session: Buffer | null;
	adapter: string;
	settings: Record<string, unknown>;
	credentials: Buffer;
	allowed_networks: string[];
};

/** Takes integrations of these adapters that want to be listened for, nobody listens for, and whose time has come. */
export const claimListeners = async (ctx: Context, holder: string, adapters: readonly string[]): Promise<ListenerClaim[]> => {
	const { rows } = await ctx.db.execute<Claimed>(sql`
		with free as (
			select integration.id, integration.project_id, integration.version
			from messaging_integrations integration
			left join integration_listeners listener on listener.integration_id = integration.id
			where integration.listens and integration.enabled and integration.adapter = any(${sql.param(adapters)}::text[])
				and (listener is null or ${isFree("integration.version")})
			order by integration.id
			limit ${mostAtOnce}
		), claimed as (
			insert into integration_listeners as listener
				(integration_id, project_id, holder, term, lease_until, version, state, since, failures, next_try_at)
			select id, project_id, ${holder}, 1, ${listenerLeaseEnd}, version, 'connecting', now(), 1, now() + ${waitAfter(sql`1`)}
			from free
			on conflict (integration_id) do update set
				holder = excluded.holder,
				term = listener.term + 1,
				lease_until = excluded.lease_until,
				version = excluded.version,
				state = case when listener.state = 'listening' then 'connecting' else listener.state end,
				since = case when listener.state = 'listening' then now() else listener.since end,
				failures = ${failuresNow},
				next_try_at = now() + ${waitAfter(failuresNow)},
				updated_at = now()
			where ${isFree("excluded.version")}
			returning integration_id, holder, term, version, session
		)
		select claimed.*, integration.project_id, integration.adapter, integration.settings, integration.credentials, project.allowed_networks
		from claimed
		join messaging_integrations integration on integration.id = claimed.integration_id
		join projects project on project.id = integration.project_id`);
	return rows.map(({ integration_id: id, project_id: projectId, allowed_networks: allowedNetworks, ...row }) => {
		const { adapter, settings, credentials, ...hold } = row;
		return { ...hold, integrationId: id, projectId, integration: { id, adapter, settings, credentials, allowedNetworks } };
	});
};

/** What failed with other settings may be tried with these. */
const isFree = (version: "integration.version" | "excluded.version"): SQL => sql`(coalesce(listener.lease_until < now(), true)
	and (coalesce(listener.next_try_at <= now(), true) or listener.version <> ${sql.raw(version)}))`;

const failuresNow = sql`(case when listener.version <> excluded.version then 1 else listener.failures + 1 end)`;
