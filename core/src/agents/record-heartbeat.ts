import type { ProjectContext, Tx } from "../context.ts";

/**
 * Notes that an agent of this project gave a sign of life; written at most once in 5 seconds. No event: it would fill the log with what
 * its next request or answer says anyway. Authorizes nothing: callers have done so.
 */
export const recordHeartbeat = (tx: Tx<ProjectContext>, agentId: string): void => {
	tx.pending.heartbeats.set(agentId, { project_id: tx.projectId, agent_id: agentId });
};
