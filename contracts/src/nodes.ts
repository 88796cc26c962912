import { z } from "zod";
import { endpoint, IfMatchHeaders } from "./endpoint.ts";
import { Label, NodeKind, NodeStatus, TaskMode } from "./node-terms.ts";
import { PlanChange } from "./plan-changes.ts";
import { MoveNodeInput, NodeParams, NodeSummary } from "./plan-nodes.ts";
import { PlanParams } from "./plans.ts";
import { ProjectParams } from "./projects.ts";
import { Id, PageQuery, page, Timestamp, Version } from "./values.ts";

/** Most nodes that one request changes. */
export const maxNodesAtOnce = 500;

/** Which nodes; with `version` only as long as they are at it. */
const Chosen = z
	.array(z.strictObject({ id: Id, version: Version.optional() }))
	.min(1)
	.max(maxNodesAtOnce)
	.refine((nodes) => new Set(nodes.map(({ id }) => id.toLowerCase())).size === nodes.length, "must name each node once");
export type ChosenNode = z.infer<typeof Chosen>[number];

const exampleNodes = [{ id: "019b2c5e-7d1a-7c43-9a57-2f7f8e0f6b11", version: 3 }];

export const SetNodeStatusesInput = z
	.strictObject({ nodes: Chosen, status: NodeStatus })
	.meta({ examples: [{ nodes: exampleNodes, status: "completed" }] });
export type SetNodeStatusesInput = z.infer<typeof SetNodeStatusesInput>;

/** They keep their order, the first right after `after_id`; what is below one of them goes along. */
export const MoveNodesInput = MoveNodeInput.extend({ nodes: Chosen }).meta({
	examples: [{ nodes: exampleNodes, parent_id: null, after_id: null }],
});
export type MoveNodesInput = z.infer<typeof MoveNodesInput>;

export const DeleteNodesInput = z.strictObject({ nodes: Chosen }).meta({ examples: [{ nodes: exampleNodes }] });
export type DeleteNodesInput = z.infer<typeof DeleteNodesInput>;

/** What can be taken back by `undo`; null where nothing had to change. */
export const ChangeResult = z.strictObject({ change: PlanChange.nullable() });
export type ChangeResult = z.infer<typeof ChangeResult>;

/** The top of something that was deleted as a whole. */
export const DeletedNode = z.strictObject({
	id: Id,
	kind: NodeKind,
	title: z.string(),
	parent_id: Id.nullable(),
	/** With all below it that went along. */
	nodes: z.int().min(1),
	deleted_at: Timestamp,
	/** From then on it is removed for good, as soon as nobody waits for an answer about it. */
	kept_until: Timestamp,
});
export type DeletedNode = z.infer<typeof DeletedNode>;

export const LabelCount = z.strictObject({ label: z.string(), nodes: z.int().min(1) });

const inPlan = "/projects/{projectId}/plans/{planId}" as const;

export const nodes = {
	listNodes: endpoint({
		method: "GET",
		path: "/projects/{projectId}/nodes",
		summary: "Nodes of all plans, newest first",
		tag: "nodes",
		params: ProjectParams,
		query: PageQuery.extend({
			plan_id: Id.optional(),
			label: Label.optional(),
			status: NodeStatus.optional(),
			kind: NodeKind.optional(),
			task_mode: TaskMode.optional(),
		}),
		output: page(NodeSummary),
	}),
	listLabels: endpoint({
		method: "GET",
		path: "/projects/{projectId}/labels",
		summary: "The labels that nodes have, in alphabetical order",
		tag: "nodes",
		params: ProjectParams,
		query: PageQuery.extend({
			cursor: Label.optional().describe("`next_cursor` of the page before"),
			starts_with: Label.optional(),
		}),
		output: z.strictObject({ items: z.array(LabelCount), next_cursor: z.string().nullable() }),
	}),
	deleteNode: endpoint({
		method: "DELETE",
		path: "/projects/{projectId}/nodes/{nodeId}",
		summary: "Delete a node with all below it; for 30 days it can be restored",
		tag: "nodes",
		params: NodeParams,
		headers: IfMatchHeaders,
		output: ChangeResult,
	}),
	restoreNode: endpoint({
		method: "POST",
		path: "/projects/{projectId}/nodes/{nodeId}/restore",
		summary: "Restore a deleted node with all that was deleted along with it below it",
		tag: "nodes",
		params: NodeParams,
		output: ChangeResult,
		refuses: ["conflict"],
	}),
	listDeletedNodes: endpoint({
		method: "GET",
		path: `${inPlan}/deleted-nodes`,
		summary: "What was deleted from a plan and can be restored, newest nodes first",
		tag: "nodes",
		params: PlanParams,
		query: PageQuery,
		output: page(DeletedNode),
	}),
	setNodeStatuses: endpoint({
		method: "POST",
		path: `${inPlan}/nodes/status`,
		summary: "Change the status of many nodes: of all or of none",
		tag: "nodes",
		params: PlanParams,
		body: SetNodeStatusesInput,
		output: ChangeResult,
		refuses: ["conflict", "precondition_failed", "unprocessable"],
	}),
	moveNodes: endpoint({
		method: "POST",
		path: `${inPlan}/nodes/move`,
		summary: "Move many nodes to one place: all or none",
		tag: "nodes",
		params: PlanParams,
		body: MoveNodesInput,
		output: ChangeResult,
		refuses: ["conflict", "precondition_failed", "unprocessable"],
	}),
	deleteNodes: endpoint({
		method: "POST",
		path: `${inPlan}/nodes/delete`,
		summary: "Delete many nodes with all below them: all or none",
		tag: "nodes",
		params: PlanParams,
		body: DeleteNodesInput,
		output: ChangeResult,
		refuses: ["conflict", "precondition_failed", "unprocessable"],
	}),
	listPlanChanges: endpoint({
		method: "GET",
		path: `${inPlan}/changes`,
		summary: "Changes of a plan's shape within 30 days, newest first",
		tag: "nodes",
		params: PlanParams,
		query: PageQuery,
		output: page(PlanChange),
	}),
	undoPlanChange: endpoint({
		method: "POST",
		path: `${inPlan}/changes/{changeId}/undo`,
		summary: "Undo the last change of a plan's shape",
		description:
			"Name the change that you saw as the last. If there is a newer one, or somebody else has worked since on what would be taken away, nothing is undone: a 409 says whose.",
		tag: "nodes",
		params: PlanParams.extend({ changeId: Id }),
		output: ChangeResult,
		refuses: ["conflict"],
	}),
};
