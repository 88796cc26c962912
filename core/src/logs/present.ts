import type { NodeLog } from "@agentplanner/contracts";
import type { planNodeLogs } from "@agentplanner/db";

export const presentLog = (row: typeof planNodeLogs.$inferSelect): NodeLog => ({
	id: row.id,
	project_id: row.projectId,
	plan_id: row.planId,
	node_id: row.nodeId,
	kind: row.kind,
	text: row.text,
	agent_request_id: row.agentRequestId,
	written_by: row.writtenBy,
	written_by_user_id: row.writtenByUserId,
	written_by_agent_id: row.writtenByAgentId,
	created_at: row.createdAt.toISOString(),
});
