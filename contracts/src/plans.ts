import { z } from "zod";
import { ClaimFenceHeaders } from "./claim-fence.ts";
import { endpoint, IdempotencyHeaders, IfMatchHeaders } from "./endpoint.ts";
import { BlockCause, Labels, NodeKind, NodeStatus, TaskMode } from "./node-terms.ts";
import { PlanChange } from "./plan-changes.ts";
import { Progress } from "./progress.ts";
import { ProjectParams, Role } from "./projects.ts";
import { Id, line, PageQuery, page, Timestamp, text, Version } from "./values.ts";

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
	/** Since when it lies in the bin; null: it does not. */
	deleted_at: Timestamp.nullable(),
	/** Until then it can be restored; after that it is removed for good, as soon as nobody waits for an answer in it. */
	kept_until: Timestamp.nullable(),
	/** Null once that account is gone. */
	owner_user_id: Id.nullable(),
	/** What whoever reads this counts as in the plan. */
	role: Role,
	version: Version,
	created_at: Timestamp,
	updated_at: Timestamp,
});
export type Plan = z.infer<typeof Plan>;

/** A node as lists and trees show it. */
export const NodeSummary = z.strictObject({
	id: Id,
	project_id: Id,
	plan_id: Id,
	parent_id: Id.nullable(),
	kind: NodeKind,
	title: z.string(),
	status: NodeStatus,
	/** Null while it isn't blocked. */
	blocked_by: BlockCause.nullable(),
	/** Siblings sort by this text, byte by byte (a fractional key). */
	position: z.string(),
	task_mode: TaskMode,
	labels: z.array(z.string()),
	due_at: Timestamp.nullable(),
	version: Version,
});
export type NodeSummary = z.infer<typeof NodeSummary>;

export const PlanNode = NodeSummary.extend({
	description: z.string(),
	/** What one has to know beside it: background, links, findings. */
	context: z.string(),
	agent_instructions: z.string(),
	acceptance_criteria: z.string(),
	created_at: Timestamp,
	updated_at: Timestamp,
});
export type PlanNode = z.infer<typeof PlanNode>;

export const CreatedNode = PlanNode.extend({
	/** What `undo` takes back. */
	change_id: Id,
});
export type CreatedNode = z.infer<typeof CreatedNode>;

export const MovedNode = PlanNode.extend({
	/** What `undo` takes back; null where it stood there already. */
	change_id: Id.nullable(),
});
export type MovedNode = z.infer<typeof MovedNode>;

/** With the progress of what is below it; null where nothing is. */
export const PlanTreeNode = NodeSummary.extend({ progress: Progress.nullable() });
export type PlanTreeNode = z.infer<typeof PlanTreeNode>;

export const PlanTree = z.strictObject({
	plan: Plan,
	progress: Progress,
	nodes: z.array(PlanTreeNode),
	/** The one that can be undone. */
	last_change: PlanChange.nullable(),
	waiting: z.array(Id).describe("Open nodes that can't begin before others are finished"),
});
export type PlanTree = z.infer<typeof PlanTree>;

export const PlanOverview = Plan.extend({ progress: Progress });
export type PlanOverview = z.infer<typeof PlanOverview>;

export const CreatePlanInput = z
	.strictObject({
		title: line(200),
		description: text(20_000).default(""),
		status: PlanStatus.extract(["draft", "active"]).optional().describe("`active` unless given"),
		visibility: PlanVisibility.extract(["private", "project"]).optional().describe("`project` unless given"),
	})
	.meta({ examples: [{ title: "Launch the spring release", description: "From code freeze to announcement." }] });
export type CreatePlanInput = z.infer<typeof CreatePlanInput>;

export const UpdatePlanInput = z
	.strictObject({ title: line(200).optional(), description: text(20_000).optional(), status: PlanStatus.optional() })
	.meta({ examples: [{ title: "Launch the summer release" }] });
export type UpdatePlanInput = z.infer<typeof UpdatePlanInput>;

export const DuplicatePlanInput = z
	.strictObject({
		title: line(200).optional().describe("“… (copy)” unless given"),
		visibility: PlanVisibility.extract(["private", "project"]).optional().describe("`project` unless given, or unless the plan is private"),
	})
	.meta({ examples: [{ title: "Launch the autumn release" }] });
export type DuplicatePlanInput = z.infer<typeof DuplicatePlanInput>;

export const CreateNodeInput = z
	.strictObject({
		parent_id: Id.nullable().default(null),
		kind: NodeKind.default("task"),
		title: line(300),
		description: text(20_000).default(""),
		context: text(20_000).default(""),
		task_mode: TaskMode.default("free"),
		labels: Labels.default([]),
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
		labels: Labels.optional(),
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
		summary: "The plans of a project that one may see, newest first",
		tag: "plans",
		params: ProjectParams,
		query: PageQuery.extend({
			status: PlanStatus.optional(),
			deleted: z
				.enum(["true", "false"])
				.default("false")
				.transform((value) => value === "true")
				.describe("Those in the bin, which one may restore, instead of the others"),
		}),
		output: page(PlanOverview),
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
		summary: "Rename or describe a plan, or give it another status",
		description:
			"An archived plan can only be read, with all that is in it, until it gets another status. What was under way goes on to its end.",
		tag: "plans",
		params: PlanParams,
		headers: IfMatchHeaders,
		body: UpdatePlanInput,
		output: Plan,
	}),
	duplicatePlan: endpoint({
		method: "POST",
		path: "/projects/{projectId}/plans/{planId}/duplicate",
		summary: "Make a draft out of a plan: its nodes, none of them begun, without requests and decisions",
		tag: "plans",
		params: PlanParams,
		headers: IdempotencyHeaders,
		body: DuplicatePlanInput,
		output: Plan,
		status: 201,
	}),
	deletePlan: endpoint({
		method: "DELETE",
		path: "/projects/{projectId}/plans/{planId}",
		summary: "Put a plan, with all that is in it, into the bin for 30 days",
		description: "It can be restored until then. Agents go on with what they were asked before, and their answers are kept.",
		tag: "plans",
		params: PlanParams,
		headers: IfMatchHeaders,
		output: z.strictObject({}),
	}),
	restorePlan: endpoint({
		method: "POST",
		path: "/projects/{projectId}/plans/{planId}/restore",
		summary: "Take a plan out of the bin",
		tag: "plans",
		params: PlanParams,
		output: Plan,
		refuses: ["conflict"],
	}),
	createNode: endpoint({
		method: "POST",
		path: "/projects/{projectId}/plans/{planId}/nodes",
		summary: "Add a phase, task or milestone",
		tag: "plans",
		params: PlanParams,
		headers: IdempotencyHeaders,
		body: CreateNodeInput,
		output: CreatedNode,
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
		summary: "Edit a node's texts, kind, task mode, labels or due date",
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
		headers: IfMatchHeaders.extend(ClaimFenceHeaders.shape),
		body: SetNodeStatusInput,
		output: PlanNode,
		refuses: ["conflict"],
	}),
	moveNode: endpoint({
		method: "POST",
		path: "/projects/{projectId}/nodes/{nodeId}/move",
		summary: "Move a node, with all below it, to another place in its plan",
		tag: "plans",
		params: NodeParams,
		headers: IfMatchHeaders,
		body: MoveNodeInput,
		output: MovedNode,
		refuses: ["unprocessable"],
	}),
};
