import type { ProjectHealth } from "@agentplanner/contracts";
import { sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { violationsSince } from "./violations.ts";

/** Whether all that a project has accepted is where it must be, checked now. Throws ForbiddenError below admin. */
export const getProjectHealth = async (ctx: ProjectContext): Promise<ProjectHealth> => {
	await authorize(ctx, "audit:read");
	const [requests, deliveries, timers, violations] = await Promise.all([
		countRequests(ctx),
		countDeliveries(ctx),
		readTimers(ctx),
		readViolations(ctx),
	]);
	return { checked_at: ctx.now().toISOString(), requests, deliveries, timers, violations };
};

const countRequests = async ({ db, projectId }: ProjectContext): Promise<ProjectHealth["requests"]> => {
	const { rows } = await db.execute<ProjectHealth["requests"]>(sql`
		select count(*)::int as accepted,
			count(*) filter (where r.status in ('completed', 'rejected') and heard.id is not null)::int as answered,
			count(*) filter (where r.closed_at is null and timer.id is not null)::int as open,
			count(*) filter (where r.status = 'failed')::int as dead,
			count(*) filter (where r.status = 'cancelled')::int as cancelled,
			count(*) filter (where r.status = 'expired')::int as expired
		from agent_requests r
		left join (
			select distinct agent_request_id as id from agent_responses
			where project_id = ${projectId} and outcome = 'accepted' and kind <> 'input_required'
		) heard on heard.id = r.id
		left join timers timer on timer.subject_id = r.id and timer.type = 'agent.request.deadline.due'
		where r.project_id = ${projectId}`);
	return only(rows);
};

const countDeliveries = async ({ db, projectId }: ProjectContext): Promise<ProjectHealth["deliveries"]> => {
	const { rows } = await db.execute<ProjectHealth["deliveries"]>(sql`
		select count(*) filter (where status = 'queued')::int as queued, count(*) filter (where status = 'sending')::int as sending,
			count(*) filter (where status = 'retrying')::int as retrying, count(*) filter (where status = 'unknown')::int as unknown,
			(select count(*)::int from message_deliveries where project_id = ${projectId} and status = 'dead' and discarded_at is null) as dead
		from message_deliveries
		where integration_id in (select id from messaging_integrations where project_id = ${projectId})
			and status in ('queued', 'sending', 'retrying', 'unknown')`);
	return only(rows);
};

const readTimers = async ({ db, projectId }: ProjectContext): Promise<ProjectHealth["timers"]> => {
	const { rows } = await db.execute<ProjectHealth["timers"]>(sql`
		select count(*)::int as due, round(coalesce(extract(epoch from now() - min(due_at)) * 1000, 0))::float8 as lag_ms
		from timers where project_id = ${projectId} and due_at <= now()`);
	return only(rows);
};

const readViolations = async ({ db, projectId }: ProjectContext): Promise<ProjectHealth["violations"]> => {
	const { rows } = await db.execute<{ rule: string; count: number; subjects: string[]; since: Date | string | null }>(sql`
		select broken.rule, count(*)::int as count, (array_agg(broken.subject order by broken.subject))[1:5] as subjects, min(known.created_at) as since
		from (${violationsSince(sql`'-infinity'::timestamptz`)}) broken
		left join violations known on known.project_id = broken.project_id and known.rule = broken.rule
		where broken.project_id = ${projectId}
		group by broken.rule order by broken.rule`);
	return rows.map(({ since, ...found }) => ({ ...found, since: since && new Date(since).toISOString() }));
};

const only = <Row>([row]: Row[]): Row => {
	if (!row) throw new Error("A count returned no row.");
	return row;
};
