import { type GoalCriterionInput, goalStatuses } from "@agentplanner/contracts";
import { sql } from "drizzle-orm";
import { check, date, foreignKey, index, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, moment, updatedAt, version } from "./columns.ts";
import { oneOf } from "./one-of.ts";
import { planNodes, plans } from "./plans.ts";
import { projects } from "./projects.ts";
import { users } from "./users.ts";

export const goals = pgTable(
	"goals",
	{
		id: id(),
		projectId: uuid()
			.notNull()
			.references(() => projects.id, { onDelete: "cascade" }),
		parentId: uuid(),
		title: text().notNull(),
		description: text().notNull().default(""),
		status: text({ enum: goalStatuses }).notNull().default("draft"),
		ownerUserId: uuid().references(() => users.id, { onDelete: "set null" }),
		targetDate: date({ mode: "string" }),
		/** A list that people edit as a whole, with the goal. */
		criteria: jsonb().$type<GoalCriterionInput[]>().notNull().default([]),
		/** Since when it lies in the bin, from which it can be taken for 30 days. */
		deletedAt: moment(),
		version: version(),
		createdAt: createdAt(),
		updatedAt: updatedAt(),
	},
	(table) => [
		unique("goals_project_id_key").on(table.projectId, table.id),
		foreignKey({
			name: "goals_parent_fk",
			columns: [table.projectId, table.parentId],
			foreignColumns: [table.projectId, table.id],
		}).onDelete("cascade"),
		// what stands below a goal
		index("goals_tree_index").on(table.projectId, table.parentId),
		// what upkeep removes for good
		index("goals_deleted_index").on(table.deletedAt).where(sql`deleted_at is not null`),
		check("goals_status_check", oneOf("status", goalStatuses)),
		check("goals_not_own_parent", sql`parent_id is distinct from id`),
	],
);

/** What a goal is reached by: a plan, or one node of it. */
export const goalLinks = pgTable(
	"goal_links",
	{
		id: id(),
		projectId: uuid().notNull(),
		goalId: uuid().notNull(),
		planId: uuid().notNull(),
		nodeId: uuid(),
		createdAt: createdAt(),
	},
	(table) => [
		unique("goal_links_target_key").on(table.goalId, table.planId, table.nodeId).nullsNotDistinct(),
		foreignKey({
			name: "goal_links_goal_fk",
			columns: [table.projectId, table.goalId],
			foreignColumns: [goals.projectId, goals.id],
		}).onDelete("cascade"),
		foreignKey({
			name: "goal_links_plan_fk",
			columns: [table.projectId, table.planId],
			foreignColumns: [plans.projectId, plans.id],
		}).onDelete("cascade"),
		foreignKey({
			name: "goal_links_node_fk",
			columns: [table.projectId, table.planId, table.nodeId],
			foreignColumns: [planNodes.projectId, planNodes.planId, planNodes.id],
		}).onDelete("cascade"),
		// the goals of a plan, and what a plan takes along when it goes
		index("goal_links_plan_index").on(table.projectId, table.planId, table.nodeId),
	],
);
