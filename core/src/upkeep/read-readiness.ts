import type { Readiness } from "@agentplanner/contracts";
import { sql } from "@agentplanner/db";
import type { Context } from "../context.ts";

/** A worker that hasn't been seen for longer than this is away. */
const silentAfterMs = 5_000;
/** What has waited longer than this for the engine shows that something is wrong. */
const lagLimitMs = 15_000;

type Row = {
	engine: string | null;
	seen: Date | null;
	silent_ms: string | null;
	stopped: boolean | null;
	health: { engine?: { ok?: boolean; detail?: string; remedy?: string | null } } | null;
	depth: string;
	lag_ms: string;
	parked: string;
} & Record<string, unknown>;

/** How the house stands, from Postgres alone. Degraded still accepts and keeps every request. */
export const readReadiness = async (ctx: Context): Promise<Readiness> => {
	const { rows } = await ctx.db.execute<Row>(sql`
		select w.engine, w.last_seen_at as seen, w.stopped_at is not null as stopped, extract(epoch from now() - w.last_seen_at) * 1000 as silent_ms, w.health, o.depth, o.lag_ms, o.parked
		from (
			select count(*) filter (where parked_at is null) as depth, count(*) filter (where parked_at is not null) as parked,
				coalesce(extract(epoch from now() - min(created_at) filter (where parked_at is null)) * 1000, 0) as lag_ms
			from outbox
		) o left join lateral (select * from worker_runs order by stopped_at is not null, last_seen_at desc limit 1) w on true`);
	const row = rows[0];
	const depth = Number(row?.depth ?? 0);
	const lagMs = Math.round(Number(row?.lag_ms ?? 0));
	// One that lives comes first; of those that have stopped, the last.
	const away = !row?.seen || row.stopped === true || Number(row.silent_ms) > silentAfterMs;
	const reasons: Readiness["reasons"] = [];
	if (away)
		reasons.push({
			problem: row?.seen ? `No worker has been seen since ${new Date(row.seen).toISOString()}.` : "No worker has run yet.",
			remedy: "Start the worker; requests are kept and go out when it is back.",
		});
	const engine = row?.health?.engine;
	if (!away && engine?.ok === false)
		reasons.push({ problem: engine.detail ?? "The engine can't be reached.", remedy: engine.remedy ?? "See the worker's log." });
	if (!away && lagMs > lagLimitMs)
		reasons.push({
			problem: `The oldest event has waited ${Math.round(lagMs / 1000)} s for the engine.`,
			remedy: "See the worker's log for what its relay says.",
		});
	if (Number(row?.parked ?? 0) > 0)
		reasons.push({
			problem: `${row?.parked} events were refused by the engine again and again and are parked.`,
			remedy: "See last_error in the table outbox.",
		});
	return {
		status: reasons.length === 0 ? "ready" : "degraded",
		engine: row?.engine ?? null,
		worker_last_seen_at: row?.seen ? new Date(row.seen).toISOString() : null,
		outbox_depth: depth,
		outbox_lag_ms: lagMs,
		reasons,
	};
};
