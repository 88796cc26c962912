import type { PlanTreeNode } from "@agentplanner/contracts";

/** For tests: a node whose title is its id. */
export const buildNode = (id: string, parentId: string | null, position: string, overrides: Partial<PlanTreeNode> = {}): PlanTreeNode => ({
	id,
	project_id: "project",
	plan_id: "plan",
	parent_id: parentId,
	kind: "task",
	title: id,
	status: "not_started",
	blocked_by: null,
	position,
	task_mode: "free",
	labels: [],
	due_at: null,
	version: 1,
	progress: null,
	...overrides,
});
