import type { PlanNode } from "@agentplanner/contracts";

/** For tests: a node whose title is its id. */
export const buildNode = (id: string, parentId: string | null, position: string, overrides: Partial<PlanNode> = {}): PlanNode => ({
	id,
	project_id: "project",
	plan_id: "plan",
	parent_id: parentId,
	kind: "task",
	title: id,
	status: "not_started",
	blocked_by: null,
	position,
	description: "",
	context: "",
	task_mode: "free",
	agent_instructions: "",
	acceptance_criteria: "",
	due_at: null,
	version: 1,
	created_at: "2026-01-01T00:00:00Z",
	updated_at: "2026-01-01T00:00:00Z",
	...overrides,
});
