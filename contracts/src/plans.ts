import { z } from "zod";
import { endpoint, IdempotencyHeaders, IfMatchHeaders } from "./endpoint.ts";
import { ProjectParams, type Role } from "./projects.ts";
import { Id, line, PageQuery, page, Timestamp, text, Version } from "./values.ts";

export const nodeKinds = ["phase", "task", "milestone"] as const;
export const NodeKind = z.enum(nodeKinds);
export type NodeKind = z.infer<typeof NodeKind>;

export const nodeStatuses = ["not_started", "in_progress", "blocked", "completed", "cancelled"] as const;
export const NodeStatus = z.enum(nodeStatuses);
export type NodeStatus = z.infer<typeof NodeStatus>;

/** What an agent is to do with a task. */
export const taskModes = ["research", "plan", "implement", "free"] as const;
export const TaskMode = z.enum(taskModes);
export type TaskMode = z.infer<typeof TaskMode>;

export const planStatuses = ["draft", "active", "completed", "archived"] as const;
export const PlanStatus = z.enum(planStatuses);
export type PlanStatus = z.infer<typeof PlanStatus>;

/** `private`: its owner, its collaborators and the project's admins; `project`: its members; `public`: also whoever has its link, to read. */
export const planVisibilities = ["private", "project", "public"] as const;
export const PlanVisibility = z.enum(planVisibilities);
export type PlanVisibility = z.infer<typeof PlanVisibility>;

/** Roles of collaborators, in the order of `roles`. */
export const planRoles = ["admin", "editor", "viewer"] as const satisfies readonly Role[];
export const PlanRole = z.enum(planRoles);
export type PlanRole = z.infer<typeof PlanRole>;

export const Plan = z.strictObject({
	id: Id,
	project_id: Id,
	title: z.string(),
	description: z.string(),
	status: PlanStatus,
	visibility: PlanVisibility,
	/** Null once that account is gone. */
	owner_user_id: Id.nullable(),
	version: Version,
	created_at: Timestamp,
	updated_at: Timestamp,
});
export type Plan = z.infer<typeof Plan>;

export const PlanNode = z.strictObject({
	id: Id,
	project_id: Id,
	plan_id: Id,
	parent_id: Id.nullable(),
	kind: NodeKind,
	title: z.string(),
	status: NodeStatus,
	/** Siblings sort by this text, byte by byte (a fractional key). */
	position: z.string(),
	description: z.string(),
	/** What one has to know beside it: background, links, findings. */
	context: z.string(),
	task_mode: TaskMode,
	agent_instructions: z.string(),
	acceptance_criteria: z.string(),
	due_at: Timestamp.nullable(),
	version: Version,
	created_at: Timestamp,
	updated_at: Timestamp,
});
export type PlanNode = z.infer<typeof PlanNode>;

export const PlanTree = z.strictObject({
	plan: Plan,
	nodes: z.array(PlanNode),
	waiting: z.array(Id).describe("Open nodes that can't begin before others are finished"),
});
export type PlanTree = z.infer<typeof PlanTree>;

export const CreatePlanInput = z
	.strictObject({ title: line(200), description: text(20_000).default("") })
	.meta({ examples: [{ title: "Launch the spring release", description: "From code freeze to announcement." }] });
export type CreatePlanInput = z.infer<typeof CreatePlanInput>;

export const UpdatePlanInput = z
	.strictObject({ title: line(200).optional(), description: text(20_000).optional() })
	.meta({ examples: [{ title: "Launch the summer release" }] });
export type UpdatePlanInput = z.infer<typeof UpdatePlanInput>;

export const CreateNodeInput = z
	.strictObject({
		parent_id: Id.nullable().default(null),
		kind: NodeKind.default("task"),
		title: line(300),
		description: text(20_000).default(""),
		context: text(20_000).default(""),
		task_mode: TaskMode.default("free"),
		agent_instructions: text(20_000).default(""),
		acceptance_criteria: text(20_000).default(""),
		due_at: Timestamp.nullable().default(null),
	})
	.meta({ examples: [{ kind: "task", title: "Draft the announcement post", agent_instructions: "At most 200 words." }] });
export type CreateNodeInput = z.infer<typeof CreateNodeInput>;

export const UpdateNodeInput = z
	.strictObject({
		title: line(300).optional(),
		kind: NodeKind.optional(),
		description: text(20_000).optional(),
		context: text(20_000).optional(),
		task_mode: TaskMode.optional(),
		agent_instructions: text(20_000).optional(),
		acceptance_criteria: text(20_000).optional(),
		due_at: Timestamp.nullable().optional(),
	})
	.meta({ examples: [{ title: "Draft the announcement", due_at: "2027-03-01T09:00:00Z" }] });
export type UpdateNodeInput = z.infer<typeof UpdateNodeInput>;

export const SetNodeStatusInput = z.strictObject({
	status: NodeStatus,
	until_unblocked: z
		.boolean()
		.optional()
		.describe("Of `blocked`: it goes back by itself once the node waits for nothing any more. By default it does where the node waits now"),
});
export type SetNodeStatusInput = z.infer<typeof SetNodeStatusInput>;

/** Under which parent (null: the top level), and after which of its children (null: first). */
export const MoveNodeInput = z.strictObject({ parent_id: Id.nullable(), after_id: Id.nullable() });
export type MoveNodeInput = z.infer<typeof MoveNodeInput>;

export const PlanParams = ProjectParams.extend({ planId: Id });
export const NodeParams = ProjectParams.extend({ nodeId: Id });

export const plans = {
	createPlan: endpoint({
		method: "POST",
		path: "/projects/{projectId}/plans",
		summary: "Create a plan",
		tag: "plans",
		params: ProjectParams,
		headers: IdempotencyHeaders,
		body: CreatePlanInput,
		output: Plan,
		status: 201,
	}),
	listPlans: endpoint({
		method: "GET",
		path: "/projects/{projectId}/plans",
		summary: "Plans of a project, newest first",
		tag: "plans",
		params: ProjectParams,
		query: PageQuery,
		output: page(Plan),
	}),
	getPlanTree: endpoint({
		method: "GET",
		path: "/projects/{projectId}/plans/{planId}",
		summary: "A plan with all its nodes",
		tag: "plans",
		params: PlanParams,
		output: PlanTree,
	}),
	updatePlan: endpoint({
		method: "PATCH",
		path: "/projects/{projectId}/plans/{planId}",
		summary: "Rename or describe a plan",
		tag: "plans",
		params: PlanParams,
		headers: IfMatchHeaders,
		body: UpdatePlanInput,
		output: Plan,
	}),
	createNode: endpoint({
		method: "POST",
		path: "/projects/{projectId}/plans/{planId}/nodes",
		summary: "Add a phase, task or milestone",
		tag: "plans",
		params: PlanParams,
		headers: IdempotencyHeaders,
		body: CreateNodeInput,
		output: PlanNode,
		status: 201,
		refuses: ["unprocessable"],
	}),
	getNode: endpoint({
		method: "GET",
		path: "/projects/{projectId}/nodes/{nodeId}",
		summary: "One node",
		tag: "plans",
		params: NodeParams,
		output: PlanNode,
	}),
	updateNode: endpoint({
		method: "PATCH",
		path: "/projects/{projectId}/nodes/{nodeId}",
		summary: "Edit a node's texts, kind, task mode or due date",
		tag: "plans",
		params: NodeParams,
		headers: IfMatchHeaders,
		body: UpdateNodeInput,
		output: PlanNode,
	}),
	setNodeStatus: endpoint({
		method: "PUT",
		path: "/projects/{projectId}/nodes/{nodeId}/status",
		summary: "Change a node's status",
		tag: "plans",
		params: NodeParams,
		headers: IfMatchHeaders,
		body: SetNodeStatusInput,
		output: PlanNode,
	}),
	moveNode: endpoint({
		method: "POST",
		path: "/projects/{projectId}/nodes/{nodeId}/move",
		summary: "Move a node, with all below it, to another place in its plan",
		tag: "plans",
		params: NodeParams,
		headers: IfMatchHeaders,
		body: MoveNodeInput,
		output: PlanNode,
		refuses: ["unprocessable"],
	}),
};
