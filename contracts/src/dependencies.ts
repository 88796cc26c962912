import { z } from "zod";
import { endpoint, IdempotencyHeaders } from "./endpoint.ts";
import { NodeKind, NodeStatus, TaskFilter } from "./node-terms.ts";
import { NodeParams, PlanNode } from "./plan-nodes.ts";
import { PlanParams } from "./plans.ts";
import { ProjectParams } from "./projects.ts";
import { Id, PageQuery, page, Timestamp } from "./values.ts";

export const dependencyKinds = ["blocks", "relates_to"] as const;
export const DependencyKind = z.enum(dependencyKinds);
export type DependencyKind = z.infer<typeof DependencyKind>;

/** How a node stands to another one, seen from the first. */
export const nodeRelations = ["blocked_by", "blocks", "relates_to"] as const;
export const NodeRelation = z.enum(nodeRelations);
export type NodeRelation = z.infer<typeof NodeRelation>;

/** A node as it is shown at the other end of a dependency. */
export const LinkedNode = z.strictObject({
	id: Id,
	plan_id: Id,
	plan_title: z.string(),
	kind: NodeKind,
	title: z.string(),
	status: NodeStatus,
	due_at: Timestamp.nullable(),
	/** Completed or cancelled; a phase also when all tasks and milestones below it are. Nothing waits for a finished node. */
	finished: z.boolean(),
});
export type LinkedNode = z.infer<typeof LinkedNode>;

/** A dependency as it is seen from one of its ends. */
export const NodeDependency = z.strictObject({ id: Id, relation: NodeRelation, node: LinkedNode, created_at: Timestamp });
export type NodeDependency = z.infer<typeof NodeDependency>;

export const PlanDependency = z.strictObject({
	id: Id,
	kind: DependencyKind,
	upstream: LinkedNode,
	downstream: LinkedNode,
	created_at: Timestamp,
});
export type PlanDependency = z.infer<typeof PlanDependency>;

/** Whether a node may begin, as far as others go: a node waits for what blocks it, and for what blocks the nodes above it. */
export const NodeReadiness = z.strictObject({
	ready: z.boolean(),
	/** At most 20 of them. */
	waiting_for: z.array(
		z.strictObject({
			node: LinkedNode,
			/** The node above that is blocked; null where it is the node itself. */
			through: z.strictObject({ id: Id, title: z.string() }).nullable(),
		}),
	),
	waiting_count: z.int(),
	/** How many of them are in plans that the caller doesn't see. */
	hidden_count: z.int(),
});
export type NodeReadiness = z.infer<typeof NodeReadiness>;

/** A node on the way from another one; `distance` is how many dependencies lie between them on the shortest way. */
export const DistantNode = LinkedNode.extend({ distance: z.int() });
export type DistantNode = z.infer<typeof DistantNode>;

const DistantNodes = page(DistantNode).extend({
	total: z.int().describe("How many the caller may see"),
	hidden_count: z.int().describe("How many are in plans that the caller doesn't see"),
	truncated: z.boolean().describe("Whether there are more than are ever looked at"),
});

const someNodes = z.strictObject({ count: z.int(), items: z.array(LinkedNode).describe("At most 20 of them") });

export const Impact = z.strictObject({
	/** When the node is taken to be finished: as asked, else at its due date, if that is still to come, else now. */
	finish_at: Timestamp,
	/** What could begin at once if the node were finished now. */
	unblocks: someNodes,
	/** All unfinished nodes that can't begin before it is finished. */
	delays: someNodes,
	/** Of those, the ones due before that; the earliest first. */
	at_risk: someNodes,
	hidden_count: z.int(),
	truncated: z.boolean(),
});
export type Impact = z.infer<typeof Impact>;

export const CriticalPath = z.strictObject({
	/** From what can begin first to what comes last; empty where nothing unfinished waits for anything. */
	nodes: z.array(LinkedNode),
});
export type CriticalPath = z.infer<typeof CriticalPath>;

/** Why there is no next task, or why a task isn't one. */
export const idleReasons = [
	"plan_inactive",
	"no_tasks",
	"all_finished",
	"filtered",
	"waiting",
	"blocked",
	"in_progress",
	"assigned",
	"claimed",
	"under_closed",
	"under_work",
] as const;
export const IdleReason = z.enum(idleReasons);
export type IdleReason = z.infer<typeof IdleReason>;

export const NextTask = z.strictObject({
	task: PlanNode.nullable(),
	/** Empty where there is a task. */
	reasons: z.array(
		z.strictObject({
			reason: IdleReason,
			/** What it is about, in a sentence. */
			message: z.string(),
			/** How many tasks; of plans, where it is `plan_inactive`. */
			count: z.int(),
			examples: z.array(z.strictObject({ id: Id, plan_id: Id, title: z.string(), message: z.string() })).describe("At most 3"),
		}),
	),
});
export type NextTask = z.infer<typeof NextTask>;

export const AddDependencyInput = z
	.strictObject({ relation: NodeRelation, node_id: Id.describe("The other node, in any plan of the project") })
	.meta({ examples: [{ relation: "blocked_by", node_id: "019b2c5e-7d1a-7c43-9a57-2f7f8e0f6b11" }] });
export type AddDependencyInput = z.infer<typeof AddDependencyInput>;

export const DependencyParams = ProjectParams.extend({ dependencyId: Id });

export const NextTaskQuery = TaskFilter.extend({
	agent_id: Id.optional().describe("Who asks: tasks assigned to this agent count, too. An agent's own token asks for itself"),
});
export type NextTaskQuery = z.infer<typeof NextTaskQuery>;

const waits = "A node waits for what blocks it and for what blocks the nodes above it, until that is finished (completed or cancelled).";
const order = "Task: of the kind task, not started, nothing to wait for, nothing unfinished below it, free, in an active plan.";

export const dependencies = {
	addDependency: endpoint({
		method: "POST",
		path: "/projects/{projectId}/nodes/{nodeId}/dependencies",
		summary: "Let a node wait for another one, block it, or relate to it",
		description: `${waits} What would make nodes wait for each other in a circle is refused with a 422 that names the circle. It takes an editor of the node's plan and of the plan of the one that waits then, and to see the other.`,
		tag: "dependencies",
		params: NodeParams,
		headers: IdempotencyHeaders,
		body: AddDependencyInput,
		output: NodeDependency,
		status: 201,
		refuses: ["conflict", "unprocessable"],
	}),
	removeDependency: endpoint({
		method: "DELETE",
		path: "/projects/{projectId}/dependencies/{dependencyId}",
		summary: "Remove a dependency",
		tag: "dependencies",
		params: DependencyParams,
		output: z.strictObject({}),
		refuses: ["conflict"],
	}),
	listNodeDependencies: endpoint({
		method: "GET",
		path: "/projects/{projectId}/nodes/{nodeId}/dependencies",
		summary: "What a node waits for, blocks and relates to, newest first",
		tag: "dependencies",
		params: NodeParams,
		query: PageQuery,
		output: page(NodeDependency),
	}),
	listPlanDependencies: endpoint({
		method: "GET",
		path: "/projects/{projectId}/plans/{planId}/dependencies",
		summary: "All dependencies of a plan's nodes, also on nodes of other plans, newest first",
		tag: "dependencies",
		params: PlanParams,
		query: PageQuery,
		output: page(PlanDependency),
	}),
	getReadiness: endpoint({
		method: "GET",
		path: "/projects/{projectId}/nodes/{nodeId}/readiness",
		summary: "Whether a node may begin, and what it waits for",
		description: waits,
		tag: "dependencies",
		params: NodeParams,
		output: NodeReadiness,
	}),
	listUpstream: endpoint({
		method: "GET",
		path: "/projects/{projectId}/nodes/{nodeId}/upstream",
		summary: "All that has to be finished before a node can begin, the nearest first",
		tag: "dependencies",
		params: NodeParams,
		query: PageQuery,
		output: DistantNodes,
		refuses: ["unprocessable"],
	}),
	listDownstream: endpoint({
		method: "GET",
		path: "/projects/{projectId}/nodes/{nodeId}/downstream",
		summary: "All that can't begin before a node is finished, the nearest first",
		tag: "dependencies",
		params: NodeParams,
		query: PageQuery,
		output: DistantNodes,
		refuses: ["unprocessable"],
	}),
	getImpact: endpoint({
		method: "GET",
		path: "/projects/{projectId}/nodes/{nodeId}/impact",
		summary: "What finishing or delaying a node touches",
		tag: "dependencies",
		params: NodeParams,
		query: z.strictObject({ finish_at: Timestamp.optional().describe("When it would be finished") }),
		output: Impact,
	}),
	getCriticalPath: endpoint({
		method: "GET",
		path: "/projects/{projectId}/plans/{planId}/critical-path",
		summary: "The longest chain of unfinished tasks that wait for each other",
		description:
			"Length is the number of tasks and milestones: they have no estimates, and a due date is a wish. Of two equally long chains it is the one that is due later. Only dependencies within the plan count.",
		tag: "dependencies",
		params: PlanParams,
		output: CriticalPath,
	}),
	getNextTask: endpoint({
		method: "GET",
		path: "/projects/{projectId}/next-task",
		summary: "The next task that an agent could begin, or why there is none",
		description: `${order} Plans come in the order they were made, tasks in the order of their plan.`,
		tag: "dependencies",
		params: ProjectParams,
		query: NextTaskQuery,
		output: NextTask,
	}),
	getPlanNextTask: endpoint({
		method: "GET",
		path: "/projects/{projectId}/plans/{planId}/next-task",
		summary: "The next task of a plan that an agent could begin, or why there is none",
		description: `${order} The one furthest up in the plan.`,
		tag: "dependencies",
		params: PlanParams,
		query: NextTaskQuery,
		output: NextTask,
	}),
};
