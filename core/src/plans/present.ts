import type { Plan, PlanNode } from "@agentplanner/contracts";
import type { planNodes } from "@agentplanner/db";
import type { ReadPlan } from "./authorize-plan.ts";

export const presentPlan = (row: ReadPlan): Plan => ({
	id: row.id,
	project_id: row.projectId,
	title: row.title,
	description: row.description,
	status: row.status,
	visibility: row.visibility,
	deleted_at: row.deletedAt?.toISOString() ?? null,
	owner_user_id: row.ownerUserId,
	role: row.role,
	version: row.version,
	created_at: row.createdAt.toISOString(),
	updated_at: row.updatedAt.toISOString(),
});

export const presentNode = (row: typeof planNodes.$inferSelect): PlanNode => ({
	id: row.id,
	project_id: row.projectId,
	plan_id: row.planId,
	parent_id: row.parentId,
	kind: row.kind,
	title: row.title,
	status: row.status,
	blocked_by: row.blockedBy,
	position: row.position,
	description: row.description,
	context: row.context,
	task_mode: row.taskMode,
	agent_instructions: row.agentInstructions,
	acceptance_criteria: row.acceptanceCriteria,
	due_at: row.dueAt?.toISOString() ?? null,
	version: row.version,
	created_at: row.createdAt.toISOString(),
	updated_at: row.updatedAt.toISOString(),
});
