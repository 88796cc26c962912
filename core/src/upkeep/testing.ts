import { type Database, sql } from "@agentplanner/db";
import type { Scene } from "../requests/testing.ts";
import type { Violation } from "./find-violations.ts";

/** What of a project must be true at every moment and is not; `findViolations` has the rules that also hold for the product as it runs. */
export const brokenRules = async (db: Database, { projectId }: Scene): Promise<Violation[]> => {
	const { rows } = await db.orm.execute<Violation & Record<string, unknown>>(sql`
		with r as (select *, closed_at is null as open from agent_requests where project_id = ${projectId}),
			d as (select * from message_deliveries where project_id = ${projectId}),
			a as (select * from delivery_attempts where project_id = ${projectId}),
			e as (select * from events where project_id = ${projectId}),
			p as (select * from decision_requests where project_id = ${projectId})
		select 'sending without a lease' as rule, id::text as subject from d where (status = 'sending') <> (lease_until is not null and worker is not null)
		union all
		select 'close_as on what is not sending', id::text from d where close_as is not null and status <> 'sending'
		union all
		select 'open delivery of a closed request', d.id || ' ' || d.status || ' of ' || r.status from d join r on r.id = d.agent_request_id
		where not r.open and (d.status in ('queued', 'retrying', 'unknown', 'delivered')
			or d.status = 'sending' and d.close_as is null and not exists (select from agent_responses s where s.delivery_id = d.id)
				and not exists (select from p where p.asked_delivery_id = d.id))
		union all
		select 'message that asks to decide what is over', d.id || ' ' || d.status || ' of ' || p.status from d join p on p.id = d.decision_id
		where d.kind = 'decision' and p.status <> 'pending' and (d.status in ('queued', 'retrying', 'unknown', 'delivered')
			or d.status = 'sending' and d.close_as is null)
		union all
		select 'decided more or less often than its events say', p.id::text from p where (select count(*) from e where e.subject_id = p.id
			and type in ('agent.decision.decided', 'agent.decision.expired', 'agent.decision.cancelled')) <> case when status = 'pending' then 0 else 1 end
		union all
		select 'decided more or less often than is audited', p.id::text from p where (select count(*) from audit_logs a where a.subject_id = p.id)
			<> case when status in ('decided', 'expired') then 1 else 0 end
		union all
		select 'outcome of what is pending, or told twice', decision_id::text from d join p on p.id = d.decision_id
		where d.kind = 'decision_outcome' group by decision_id, p.status having count(*) > 1 or p.status = 'pending'
		union all
		select 'attempts don''t match', d.id::text from d
		where attempt_count <> (select count(*) from a where a.delivery_id = d.id) or fence < attempt_count
		union all
		select 'open attempt of what is not sending', d.id || ' ' || d.status from a join d on d.id = a.delivery_id where a.outcome is null and d.status <> 'sending'
		union all
		select 'two open attempts', delivery_id::text from a where outcome is null group by delivery_id having count(*) > 1
		union all
		select 'timer of what is closed', t.type || ' ' || t.subject_id from timers t where project_id = ${projectId} and (
			t.type = 'agent.decision.expiry.due' and exists (select from p where p.id = t.subject_id and (status <> 'pending' or lapsed_at is not null))
			or t.type like 'agent.request.%' and exists (select from r where r.id = t.subject_id and not open)
			or t.type = 'agent.request.dispatch.due' and exists (select from r where r.id = t.subject_id and status <> 'queued')
			or t.type = 'message.delivery.due' and exists (select from d where d.id = t.subject_id and status not in ('queued', 'sending', 'retrying', 'unknown'))
			or t.type = 'agent.response.record.due' and exists (select from agent_responses s where s.id = t.subject_id and applied_at is not null))
		union all
		select 'ended more or less often than its events say', r.id::text from r where (select
			count(*) filter (where type in ('agent.request.completed', 'agent.request.rejected', 'agent.request.failed', 'agent.request.expired', 'agent.request.cancelled'))
			- count(*) filter (where type = 'agent.request.reopened') from e where e.subject_id = r.id) <> case when open then 0 else 1 end
		union all
		select 'dead without its event', d.id::text from d where status = 'dead' and not exists (select from e where subject_id = d.id and type = 'message.delivery.dead')
		union all
		select 'waits for nobody', r.id::text from r where status = 'input_required' and (input_question is null or input_delivery_id is null)
		union all
		select 'question that is open and not put, or put and not open', r.id::text from r where open and (status = 'input_required') <> exists (
			select from agent_responses q where q.agent_request_id = r.id and q.kind = 'input_required' and q.outcome = 'accepted'
				and not exists (select from agent_responses s where s.agent_request_id = r.id and s.respondent = q.respondent
					and s.outcome = 'accepted' and s.kind <> 'input_required')
				and not exists (select from d where d.question_id = q.id and status not in ('dead', 'cancelled', 'superseded')))
		union all
		select 'two accepted answers of one', agent_request_id::text from agent_responses
		where project_id = ${projectId} and outcome = 'accepted' and kind <> 'input_required' and delivery_id is not null
		group by agent_request_id, respondent having count(*) > 1
		union all
		select 'response of a copy sent on', d.id::text from d where status in ('queued', 'retrying', 'unknown') and exists
			(select from agent_responses s join r on r.id = s.agent_request_id where s.delivery_id = d.id and not r.open)
		union all
		select 'dispatched without deliveries', r.id::text from r
		where dispatched_at is not null and not exists (select from d where agent_request_id = r.id)
		union all
		select 'trigger event without an outbox row', e.id::text from e
		where type in ('agent.request.created', 'agent.response.received', 'message.delivery.queued', 'message.delivery.cancelled', 'message.delivery.superseded')
			and not exists (select from outbox o where o.event_id = e.id)`);
	return rows;
};

/** Every row that a broken rule names, or that belongs to one. */
export const rowsOf = async (db: Database, found: Violation[]): Promise<string[]> => {
	const ids = found.flatMap(({ subject }) => subject.match(/[0-9a-f-]{36}/g) ?? []);
	const tables = ["agent_requests", "agent_responses", "message_deliveries", "delivery_attempts", "decision_requests", "timers", "events"];
	const dumps = tables.map(async (table) => {
		const { rows } = await db.orm.execute<{ row: string }>(sql`
			select ${table} || ' ' || row::text as row from (
				select to_jsonb(each) - 'context' - 'content' as row from ${sql.identifier(table)} each
			) all_rows where row ->> 'id' = any(${sql.param(ids)}) or row ->> 'subject_id' = any(${sql.param(ids)})
				or row ->> 'agent_request_id' = any(${sql.param(ids)}) or row ->> 'delivery_id' = any(${sql.param(ids)})
			order by row ->> 'id'`);
		return rows.map(({ row }) => row);
	});
	return (await Promise.all(dumps)).flat();
};
