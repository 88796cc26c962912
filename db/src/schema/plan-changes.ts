import { type BlockCause, type NodeStatus, planChangeKinds } from "@agentplanner/contracts";
import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, moment } from "./columns.ts";
import { oneOf } from "./one-of.ts";
import { plans } from "./plans.ts";
import { users } from "./users.ts";

/** What it takes to undo a change. What was deleted bears the change's id. */
export type PlanChangeSteps =
	| { kind: "create"; node_id: string }
	/** In the order in which they stood; `after_id`: behind which sibling, null for the first. */
	| { kind: "move"; from: { id: string; parent_id: string | null; after_id: string | null }[] }
	| { kind: "delete" }
	| { kind: "restore"; node_id: string; deletion_id: string }
	/** `blocked_by`, `blocked_from`: of nodes that were blocked for a while, not by a person. */
	| { kind: "status"; to: NodeStatus; from: { id: string; status: NodeStatus; blocked_by?: BlockCause; blocked_from?: NodeStatus }[] };

/** Changes of a plan's shape, as long as they may be undone. */
export const planChanges = pgTable(
	"plan_changes",
	{
		id: id(),
		projectId: uuid().notNull(),
		planId: uuid().notNull(),
		kind: text({ enum: planChangeKinds }).notNull(),
		nodes: integer().notNull(),
		title: text().notNull(),
		steps: jsonb().$type<PlanChangeSteps>().notNull(),
		madeBy: text().notNull(),
		madeByUserId: uuid().references(() => users.id, { onDelete: "set null" }),
		/** No foreign key: who leaves doesn't take along what they did. */
		madeByAgentId: uuid(),
		createdAt: createdAt(),
		undoneBy: text(),
		undoneByUserId: uuid().references(() => users.id, { onDelete: "set null" }),
		undoneAt: moment(),
	},
	(table) => [
		foreignKey({
			name: "plan_changes_plan_fk",
			columns: [table.projectId, table.planId],
			foreignColumns: [plans.projectId, plans.id],
		}).onDelete("cascade"),
		index("plan_changes_plan_index").on(table.planId, table.id),
		// the last one that can be undone
		index("plan_changes_last_index").on(table.planId, table.id).where(sql`undone_at is null`),
		// upkeep, looking for old ones
		index("plan_changes_created_index").on(table.createdAt),
		check("plan_changes_kind_check", oneOf("kind", planChangeKinds)),
		check("plan_changes_undone_check", sql`(undone_at is null) = (undone_by is null)`),
	],
);
