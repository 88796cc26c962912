import { type SQL, sql } from "@agentplanner/db";

/**
 * What breaks the sentence that "nothing is lost" rests on, with its project: every open request, unapplied response, open delivery, answer
 * to be fetched, pending decision with a deadline, replay of either kind, old secret, open claim and agent that beats has a timer, no timer
 * that the relay should have raised is overdue by more than a minute, and none was raised again and again without its work being done (but
 * telling a platform of an end may fail for a day, and that and fetching an answer wait for room); and every request that was accepted is open, answered, dead, cancelled or expired, with
 * what shows it: those that have ended since that moment.
 */
export const violationsSince = (since: SQL): SQL => sql`
	select project_id, 'open request without a timer' as rule, id::text as subject from agent_requests r
	where status in ('queued', 'dispatched', 'working', 'input_required')
		and not exists (select from timers t where t.subject_id = r.id and t.type = 'agent.request.deadline.due')
	union all
	select project_id, 'queued request without a timer', id::text from agent_requests r
	where status = 'queued' and not exists (select from timers t where t.subject_id = r.id and t.type = 'agent.request.dispatch.due')
	union all
	select project_id, 'request with a step ahead and without a timer', id::text from agent_requests r
	where status in ('queued', 'dispatched', 'working', 'input_required') and ladder_due_at is not null
		and not exists (select from timers t where t.subject_id = r.id and t.type = 'agent.request.ladder.due')
	union all
	select project_id, 'unapplied response without a timer', id::text from agent_responses a
	where applied_at is null and not exists (select from timers t where t.subject_id = a.id and t.type = 'agent.response.record.due')
	union all
	select project_id, 'pending decision without a timer', id::text from decision_requests p
	where status = 'pending' and expires_at is not null and lapsed_at is null
		and not exists (select from timers t where t.subject_id = p.id and t.type = 'agent.decision.expiry.due')
	union all
	select project_id, 'open delivery without a timer', id::text from message_deliveries d
	where status in ('queued', 'sending', 'retrying', 'unknown')
		and not exists (select from timers t where t.subject_id = d.id and t.type = 'message.delivery.due')
	union all
	select d.project_id, 'answer to be fetched without a timer', d.id::text from message_deliveries d join agent_requests r on r.id = d.agent_request_id
	where d.collecting and d.status in ('delivered', 'acknowledged') and r.status in ('dispatched', 'working', 'input_required')
		and not exists (select from timers t where t.subject_id = d.id and t.type = 'message.delivery.collect.due')
	union all
	select project_id, 'replay job without a timer', id::text from replay_jobs j
	where state = 'running' and not exists (select from timers t where t.subject_id = j.id and t.type = 'delivery.replay.due')
	union all
	select project_id, 'replay without a timer', id::text from webhook_subscriptions s
	where replay_position is not null and not exists (select from timers t where t.subject_id = s.id and t.type = 'subscription.replay.due')
	union all
	select project_id, 'old secret without a timer', id::text from messaging_integrations i
	where previous_secret_until is not null
		and not exists (select from timers t where t.subject_id = i.id and t.type = 'integration.secret.expiry.due')
	union all
	select project_id, 'open claim without a timer', id::text from node_claims c
	where ended_at is null and not exists (select from timers t where t.subject_id = c.id and t.type = 'node.claim.lease.due')
	union all
	select project_id, 'agent that beats without a timer', agent_id::text from agent_heartbeats h
	where interval_seconds is not null and gone_at is null
		and not exists (select from timers t where t.subject_id = h.agent_id and t.type = 'agent.absence.due')
	union all
	select project_id, 'overdue timer', type || ' of ' || subject_id from timers where due_at < now() - interval '1 minute'
	union all
	select project_id, 'timer whose work fails every time', type || ' of ' || subject_id from timers
	where fired > 5 and type not in ('message.delivery.settle.due', 'message.delivery.collect.due')
	union all
	select d.project_id, 'delivery under way of a request that has ended', d.id::text from message_deliveries d join agent_requests r on r.id = d.agent_request_id
	where d.status in ('queued', 'retrying', 'unknown') and r.closed_at is not null
	union all
	select project_id, 'completed request without an answer', id::text from agent_requests r
	where status = 'completed' and closed_at > ${since}
		and not exists (select from agent_responses a where a.agent_request_id = r.id and a.outcome = 'accepted' and a.kind = 'answer')
	union all
	select project_id, 'rejected request without a decline', id::text from agent_requests r
	where status = 'rejected' and closed_at > ${since}
		and not exists (select from agent_responses a where a.agent_request_id = r.id and a.outcome = 'accepted' and a.kind = 'declined')`;
