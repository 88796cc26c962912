import { sql } from "@agentplanner/db";
import type { Context } from "../context.ts";

type Gauge = { name: string; help: string; label?: string };

const gauges = {
	deliveries: { name: "agentplanner_deliveries", help: "Messages under way or given up, by status.", label: "status" },
	requests: { name: "agentplanner_open_requests", help: "Requests that wait for answers, by status.", label: "status" },
	dead_letters: { name: "agentplanner_dead_letters", help: "Messages that gave up and were not put aside." },
	timers_due: { name: "agentplanner_timers_due", help: "Timers that nobody has raised yet." },
	timer_lag: { name: "agentplanner_timer_lag_seconds", help: "For how long the oldest of them has been due." },
	outbox: { name: "agentplanner_outbox_events", help: "Events that the engine has not been told, by state.", label: "state" },
	outbox_lag: { name: "agentplanner_outbox_lag_seconds", help: "How old the oldest of them that waits is." },
	violations: { name: "agentplanner_violations", help: "What breaks a rule that must always hold, by rule.", label: "rule" },
	workers: { name: "agentplanner_workers", help: "Workers that have been seen within five seconds." },
} satisfies Record<string, Gauge>;

type Sample = { gauge: keyof typeof gauges; label: string | null; value: number };

/** How the installation does, as the Prometheus text format; of deliveries it reads those that are under way or have given up. */
export const readMetrics = async (ctx: Context): Promise<string> => {
	const { rows } = await ctx.db.execute<Sample>(sql`
		select 'deliveries' as gauge, state as label, count(d.id)::float as value
			from unnest(array['queued', 'sending', 'retrying', 'unknown']) state left join message_deliveries d
				on d.status = state and d.status in ('queued', 'sending', 'retrying', 'unknown') group by state
		union all
		select 'deliveries', 'dead', count(*) from message_deliveries where status = 'dead'
		union all
		select 'requests', state, count(r.id)
			from unnest(array['queued', 'dispatched', 'working', 'input_required']) state left join agent_requests r
				on r.status = state and r.status in ('queued', 'dispatched', 'working', 'input_required') group by state
		union all
		select 'dead_letters', null, count(*) from message_deliveries where status = 'dead' and discarded_at is null
		union all
		select 'timers_due', null, count(*) from timers where due_at <= now()
		union all
		select 'timer_lag', null, coalesce(extract(epoch from now() - min(due_at)), 0) from timers where due_at <= now()
		union all
		select 'outbox', case when parked_at is null then 'waiting' else 'parked' end, count(*) from outbox group by parked_at is null, 2
		union all
		select 'outbox_lag', null, coalesce(extract(epoch from now() - min(created_at)), 0) from outbox where parked_at is null
		union all
		select 'violations', rule, sum(count) from violations group by rule
		union all
		select 'workers', null, count(*) from worker_runs where stopped_at is null and last_seen_at > now() - interval '5 seconds'`);
	return Object.entries(gauges)
		.map(([key, gauge]) =>
			describe(
				gauge,
				rows.filter((sample) => sample.gauge === key),
			),
		)
		.join("");
};

const describe = ({ name, help, label }: Gauge, samples: Sample[]): string =>
	[
		`# HELP ${name} ${help}`,
		`# TYPE ${name} gauge`,
		...samples.map((sample) => `${name}${label ? `{${label}=${JSON.stringify(sample.label)}}` : ""} ${sample.value}`),
		"",
	].join("\n");

/** What the text is, as a Content-Type. */
export const metricsType = "text/plain; version=0.0.4; charset=utf-8";
