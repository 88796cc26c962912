import { blockCauses, nodeKinds, nodeStatuses, planRoles, planStatuses, planVisibilities, taskModes } from "@agentplanner/contracts";
import { sql } from "drizzle-orm";
import { check, foreignKey, index, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
import { byteOrderedText, createdAt, id, moment, updatedAt, version } from "./columns.ts";
import { oneOf } from "./one-of.ts";
import { projectMembers, projects } from "./projects.ts";
import { users } from "./users.ts";

export const plans = pgTable(
	"plans",
	{
		id: id(),
		projectId: uuid()
			.notNull()
			.references(() => projects.id, { onDelete: "cascade" }),
		title: text().notNull(),
		description: text().notNull().default(""),
		status: text({ enum: planStatuses }).notNull().default("active"),
		visibility: text({ enum: planVisibilities }).notNull().default("project"),
		ownerUserId: uuid().references(() => users.id, { onDelete: "set null" }),
		/** What its public link is made of: a new one ends the link before. */
		publicLinkId: uuid().unique("plans_public_link_key"),
		/** Since when it lies in the bin, from which it can be taken for 30 days. */
		deletedAt: moment(),
		version: version(),
		createdAt: createdAt(),
		updatedAt: updatedAt(),
	},
	(table) => [
		unique("plans_project_id_key").on(table.projectId, table.id),
		// what upkeep removes for good
		index("plans_deleted_index").on(table.deletedAt).where(sql`deleted_at is not null`),
		check("plans_status_check", oneOf("status", planStatuses)),
		check("plans_visibility_check", oneOf("visibility", planVisibilities)),
		check("plans_public_link_check", sql`(visibility = 'public') = (public_link_id is not null)`),
	],
);

/** With whom a plan is shared beyond what their role in the project gives; who leaves the project leaves its plans. */
export const planCollaborators = pgTable(
	"plan_collaborators",
	{
		projectId: uuid().notNull(),
		planId: uuid().notNull(),
		userId: uuid().notNull(),
		role: text({ enum: planRoles }).notNull(),
		createdAt: createdAt(),
	},
	(table) => [
		primaryKey({ columns: [table.planId, table.userId] }),
		foreignKey({
			name: "plan_collaborators_plan_fk",
			columns: [table.projectId, table.planId],
			foreignColumns: [plans.projectId, plans.id],
		}).onDelete("cascade"),
		foreignKey({
			name: "plan_collaborators_member_fk",
			columns: [table.projectId, table.userId],
			foreignColumns: [projectMembers.projectId, projectMembers.userId],
		}).onDelete("cascade"),
		// the plans that are shared with a member
		index("plan_collaborators_member_index").on(table.projectId, table.userId),
		check("plan_collaborators_role_check", oneOf("role", planRoles)),
	],
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
		/** Why it is blocked, and what it was before; kept by core/src/plans/change-status.ts. */
		blockedBy: text({ enum: blockCauses }),
		blockedFrom: text({ enum: nodeStatuses }),
		position: byteOrderedText().notNull(),
		description: text().notNull().default(""),
		context: text().notNull().default(""),
		taskMode: text({ enum: taskModes }).notNull().default("free"),
		agentInstructions: text().notNull().default(""),
		acceptanceCriteria: text().notNull().default(""),
		dueAt: moment(),
		/** Gone for everybody; removed for good after 30 days. */
		deletedAt: moment(),
		/** What went together: the change of the plan by which it went. */
		deletionId: uuid(),
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
		// what was deleted from a plan
		index("plan_nodes_bin_index").on(table.planId, table.id).where(sql`deleted_at is not null`),
		check("plan_nodes_kind_check", oneOf("kind", nodeKinds)),
		// upkeep, looking for what was deleted long ago
		index("plan_nodes_deleted_index").on(table.deletedAt).where(sql`deleted_at is not null`),
		check("plan_nodes_status_check", oneOf("status", nodeStatuses)),
		check("plan_nodes_task_mode_check", oneOf("task_mode", taskModes)),
		check("plan_nodes_blocked_by_check", oneOf("blocked_by", blockCauses)),
		check("plan_nodes_blocked_check", sql`status = 'blocked' or (blocked_by is null and blocked_from is null)`),
		check("plan_nodes_not_own_parent", sql`parent_id is distinct from id`),
	],
);
