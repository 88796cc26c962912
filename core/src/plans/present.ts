import type { NodeSummary, Plan, PlanNode } from "@agentplanner/contracts";
import { planNodes } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import type { ReadPlan } from "./authorize-plan.ts";
import { keptUntil } from "./bin.ts";
import type { NodeRow } from "./change-status.ts";
import { readLabels } from "./labels.ts";

export const presentPlan = (row: ReadPlan): Plan => ({
	id: row.id,
	project_id: row.projectId,
	title: row.title,
	description: row.description,
	status: row.status,
	visibility: row.visibility,
	deleted_at: row.deletedAt?.toISOString() ?? null,
	kept_until: row.deletedAt && keptUntil(row.deletedAt).toISOString(),
	owner_user_id: row.ownerUserId,
	role: row.role,
	version: row.version,
	created_at: row.createdAt.toISOString(),
	updated_at: row.updatedAt.toISOString(),
});

/** What a list reads: not the long texts. */
export const summaryColumns = {
	id: planNodes.id,
	projectId: planNodes.projectId,
	planId: planNodes.planId,
	parentId: planNodes.parentId,
	kind: planNodes.kind,
	title: planNodes.title,
	status: planNodes.status,
	blockedBy: planNodes.blockedBy,
	position: planNodes.position,
	taskMode: planNodes.taskMode,
	dueAt: planNodes.dueAt,
	version: planNodes.version,
};

export const presentSummary = (row: Pick<NodeRow, keyof typeof summaryColumns>, labels: string[]): NodeSummary => ({
	id: row.id,
	project_id: row.projectId,
	plan_id: row.planId,
	parent_id: row.parentId,
	kind: row.kind,
	title: row.title,
	status: row.status,
	blocked_by: row.blockedBy,
	position: row.position,
	task_mode: row.taskMode,
	labels,
	due_at: row.dueAt?.toISOString() ?? null,
	version: row.version,
});

export const presentNode = async (ctx: ProjectContext, row: NodeRow): Promise<PlanNode> =>
	presentWhole(row, (await readLabels(ctx, { nodeIds: [row.id] })).get(row.id) ?? []);

export const presentWhole = (row: NodeRow, labels: string[]): PlanNode => ({
	...presentSummary(row, labels),
	description: row.description,
	context: row.context,
	agent_instructions: row.agentInstructions,
	acceptance_criteria: row.acceptanceCriteria,
	created_at: row.createdAt.toISOString(),
	updated_at: row.updatedAt.toISOString(),
});
