import type { Presence } from "@agentplanner/contracts";
import { agentHeartbeats, agents, type SQL, sql } from "@agentplanner/db";

/** So many promised beats may fail to come. */
export const missedBeats = 3;

/** When an agent that promised to beat will be gone if nothing is heard of it. */
export const goneFrom = sql`${agentHeartbeats.lastSeenAt} + ${missedBeats} * ${agentHeartbeats.intervalSeconds} * interval '1 second'`;

const hasInHand = sql`(
	exists (select from node_claims where agent_id = ${agents.id} and ended_at is null and lease_until > now())
	or exists (
		select from agent_requests join message_deliveries on message_deliveries.agent_request_id = agent_requests.id
		where agent_requests.project_id = ${agents.projectId} and agent_requests.status = 'working'
			and message_deliveries.agent_id = ${agents.id} and message_deliveries.kind = 'request' and message_deliveries.status = 'acknowledged'
	)
)`;

/** Whether an agent is there, and busy, by the database's clock: the one place that says so. Null: it never promised to beat. */
export const presence: SQL<Presence | null> = sql`case
	when ${agentHeartbeats.intervalSeconds} is null then null
	when ${goneFrom} <= now() then 'gone'
	when ${hasInHand} then 'live'
	else 'idle'
end`;
