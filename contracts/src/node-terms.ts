import { z } from "zod";
import { line } from "./values.ts";

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

/** What keeps a blocked node from going on; once a decision or dependency no longer does, the node goes back to what it was. */
export const blockCauses = ["person", "decision", "dependency"] as const;
export const BlockCause = z.enum(blockCauses);
export type BlockCause = z.infer<typeof BlockCause>;

/** Most characters of a label. */
export const maxLabelCharacters = 50;
/** Most labels of a node. */
export const maxLabels = 20;

/** A word of the project's own, the same in upper and lower case. */
export const Label = line(maxLabelCharacters);

export const Labels = z
	.array(Label)
	.max(maxLabels)
	.refine((labels) => new Set(labels.map((label) => label.toLowerCase())).size === labels.length, "must name each label once");

/** Which tasks somebody would take; without any, all. */
export const TaskFilter = z.strictObject({
	label: Label.optional().describe("Only tasks that have this label"),
	task_mode: TaskMode.optional().describe("Only tasks of this mode"),
});
export type TaskFilter = z.infer<typeof TaskFilter>;
