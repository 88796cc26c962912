import type { Comment, CommentThread } from "@agentplanner/contracts";
import type { planComments } from "@agentplanner/db";

export type CommentRow = typeof planComments.$inferSelect;

/** Of a deleted one its text and whom it named are gone for everybody. */
export const presentComment = (row: CommentRow): Comment => ({
	id: row.id,
	project_id: row.projectId,
	plan_id: row.planId,
	node_id: row.nodeId,
	parent_id: row.parentId,
	text: row.deletedAt ? "" : row.text,
	mentions: row.deletedAt ? [] : row.mentions,
	written_by: row.writtenBy,
	written_by_user_id: row.writtenByUserId,
	written_by_agent_id: row.writtenByAgentId,
	edited_at: row.editedAt?.toISOString() ?? null,
	resolved_at: row.resolvedAt?.toISOString() ?? null,
	resolved_by: row.resolvedBy,
	deleted_at: row.deletedAt?.toISOString() ?? null,
	version: row.version,
	created_at: row.createdAt.toISOString(),
	updated_at: row.updatedAt.toISOString(),
});

export const presentThread = (row: CommentRow, replies: CommentRow[]): CommentThread => ({
	...presentComment(row),
	replies: replies.map(presentComment),
});
