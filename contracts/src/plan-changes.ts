import { z } from "zod";
import { Id, Timestamp } from "./values.ts";

export const planChangeKinds = ["create", "move", "delete", "restore", "status"] as const;
export const PlanChangeKind = z.enum(planChangeKinds);
export type PlanChangeKind = z.infer<typeof PlanChangeKind>;

/** A change of a plan's shape, or of many statuses at once, that can be taken back. */
export const PlanChange = z.strictObject({
	id: Id,
	plan_id: Id,
	kind: PlanChangeKind,
	/** Of how many nodes, without what is below them. */
	nodes: z.int().min(1),
	/** Of the first of them, as it was called then. */
	title: z.string(),
	made_by: z.string(),
	made_at: Timestamp,
	undone_by: z.string().nullable(),
	undone_at: Timestamp.nullable(),
});
export type PlanChange = z.infer<typeof PlanChange>;
