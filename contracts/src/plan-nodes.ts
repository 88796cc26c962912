import { z } from "zod";
import { BlockCause, Labels, NodeKind, NodeStatus, TaskMode } from "./node-terms.ts";
import { Progress } from "./progress.ts";
import { ProjectParams } from "./projects.ts";
import { Id, line, Timestamp, text, Version } from "./values.ts";

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

export const NodeParams = ProjectParams.extend({ nodeId: Id });
