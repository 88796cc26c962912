import { nodeKinds, nodeStatuses, taskModes } from "@agentplanner/contracts";
import { sql } from "drizzle-orm";
import { check, foreignKey, index, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { byteOrderedText, createdAt, id, moment, updatedAt, version } from "./columns.ts";
import { oneOf } from "./one-of.ts";
import { projects } from "./projects.ts";

export const plans = pgTable(
	"plans",
	{
		id: id(),
		projectId: uuid()
			.notNull()
			.references(() => projects.id, { onDelete: "cascade" }),
		title: text().notNull(),
		description: text().notNull().default(""),
		version: version(),
		createdAt: createdAt(),
		updatedAt: updatedAt(),
	},
	(table) => [unique("plans_project_id_key").on(table.projectId, table.id)],
);

export const planNodes = pgTable(
	"plan_nodes",
	{
		id: id(),
		projectId: uuid().notNull(),
		planId: uuid().notNull(),
		parentId: uuid(),
		kind: text({ enum: nodeKinds }).notNull(),
		title: text().notNull(),
		status: text({ enum: nodeStatuses }).notNull().default("not_started"),
		/** What it goes back to once no pending decision blocks it any more; null where a person has set its status since. */
		statusBeforeBlock: text({ enum: nodeStatuses }),
		position: byteOrderedText().notNull(),
		description: text().notNull().default(""),
		context: text().notNull().default(""),
		taskMode: text({ enum: taskModes }).notNull().default("free"),
		agentInstructions: text().notNull().default(""),
		acceptanceCriteria: text().notNull().default(""),
		dueAt: moment(),
		/** Gone for everybody; removed for good after 30 days. */
		deletedAt: moment(),
		version: version(),
		createdAt: createdAt(),
		updatedAt: updatedAt(),
	},
	(table) => [
		unique("plan_nodes_project_id_key").on(table.projectId, table.id),
		unique("plan_nodes_plan_id_key").on(table.projectId, table.planId, table.id),
		foreignKey({
			name: "plan_nodes_plan_fk",
			columns: [table.projectId, table.planId],
			foreignColumns: [plans.projectId, plans.id],
		}).onDelete("cascade"),
		foreignKey({
			name: "plan_nodes_parent_fk",
			columns: [table.projectId, table.planId, table.parentId],
			foreignColumns: [table.projectId, table.planId, table.id],
		}).onDelete("cascade"),
		// the tree of a plan, in order
		index("plan_nodes_tree_index").on(table.planId, table.parentId, table.position),
		check("plan_nodes_kind_check", oneOf("kind", nodeKinds)),
		// upkeep, looking for what was deleted long ago
		index("plan_nodes_deleted_index").on(table.deletedAt).where(sql`deleted_at is not null`),
		check("plan_nodes_status_check", oneOf("status", nodeStatuses)),
		check("plan_nodes_task_mode_check", oneOf("task_mode", taskModes)),
		check("plan_nodes_before_block_check", sql`status_before_block is null or status = 'blocked'`),
		check("plan_nodes_not_own_parent", sql`parent_id is distinct from id`),
	],
);
