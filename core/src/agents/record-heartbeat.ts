import { sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";

/**
 * Notes that an agent of this project gave a sign of life; at most once in 5 seconds, so that a busy one costs no write each time.
 * No event: it would fill the log with what its next request or answer says anyway. Authorizes nothing: callers have done so.
 */
export const recordHeartbeat = async (tx: Tx<ProjectContext>, agentId: string): Promise<void> => {
	// The condition stands before the insert, since `on conflict do update` locks the row even where it then changes nothing.
	await tx.db.execute(sql`
		insert into agent_heartbeats (project_id, agent_id, last_seen_at)
		select ${tx.projectId}::uuid, ${agentId}::uuid, now()
		where not exists (
			select from agent_heartbeats
			where project_id = ${tx.projectId} and agent_id = ${agentId} and last_seen_at > now() - interval '5 seconds'
		)
		on conflict (project_id, agent_id) do update set last_seen_at = greatest(agent_heartbeats.last_seen_at, excluded.last_seen_at)`);
};
