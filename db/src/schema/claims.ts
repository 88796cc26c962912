import { claimEnds, nodeStatuses } from "@agentplanner/contracts";
import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, pgTable, text, unique, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { agents } from "./agents.ts";
import { createdAt, id, moment, updatedAt } from "./columns.ts";
import { oneOf } from "./one-of.ts";
import { planNodes } from "./plans.ts";
import { projectMembers } from "./projects.ts";
import { users } from "./users.ts";

/** Who is meant to do a node. */
export const nodeAssignments = pgTable(
	"node_assignments",
	{
		id: id(),
		projectId: uuid().notNull(),
		planId: uuid().notNull(),
		nodeId: uuid().notNull(),
		userId: uuid(),
		agentId: uuid(),
		assignedBy: text().notNull(),
		assignedByUserId: uuid().references(() => users.id, { onDelete: "set null" }),
		createdAt: createdAt(),
	},
	(table) => [
		foreignKey({
			name: "node_assignments_node_fk",
			columns: [table.projectId, table.planId, table.nodeId],
			foreignColumns: [planNodes.projectId, planNodes.planId, planNodes.id],
		}).onDelete("cascade"),
		// whoever leaves the project is assigned to nothing in it
		foreignKey({
			name: "node_assignments_member_fk",
			columns: [table.projectId, table.userId],
			foreignColumns: [projectMembers.projectId, projectMembers.userId],
		}).onDelete("cascade"),
		foreignKey({
			name: "node_assignments_agent_fk",
			columns: [table.projectId, table.agentId],
			foreignColumns: [agents.projectId, agents.id],
		}).onDelete("cascade"),
		unique("node_assignments_assignee_key").on(table.nodeId, table.userId, table.agentId).nullsNotDistinct(),
		index("node_assignments_list_index").on(table.projectId, table.id),
		index("node_assignments_plan_index").on(table.projectId, table.planId, table.id),
		index("node_assignments_agent_index").on(table.agentId, table.id).where(sql`agent_id is not null`),
		index("node_assignments_member_index").on(table.projectId, table.userId, table.id).where(sql`user_id is not null`),
		check("node_assignments_one_assignee_check", sql`(user_id is null) <> (agent_id is null)`),
	],
);

/** The right to work on a node, as a lease. The state machine is in core/src/claims/claim-node.ts. */
export const nodeClaims = pgTable(
	"node_claims",
	{
		id: id(),
		projectId: uuid().notNull(),
		planId: uuid().notNull(),
		nodeId: uuid().notNull(),
		userId: uuid().references(() => users.id, { onDelete: "cascade" }),
		agentId: uuid(),
		/** Counts the claims of a node. */
		fence: integer().notNull(),
		leaseSeconds: integer().notNull(),
		leaseUntil: moment().notNull(),
		/** Where the node goes back to if the claim ends without the work being done. */
		statusBefore: text({ enum: nodeStatuses }).notNull(),
		endedAt: moment(),
		endedAs: text({ enum: claimEnds }),
		createdAt: createdAt(),
		updatedAt: updatedAt(),
	},
	(table) => [
		foreignKey({
			name: "node_claims_node_fk",
			columns: [table.projectId, table.planId, table.nodeId],
			foreignColumns: [planNodes.projectId, planNodes.planId, planNodes.id],
		}).onDelete("cascade"),
		foreignKey({
			name: "node_claims_agent_fk",
			columns: [table.projectId, table.agentId],
			foreignColumns: [agents.projectId, agents.id],
		}).onDelete("cascade"),
		unique("node_claims_fence_key").on(table.nodeId, table.fence),
		// one holder at a time
		uniqueIndex("node_claims_open_key").on(table.nodeId).where(sql`ended_at is null`),
		index("node_claims_open_list_index").on(table.projectId, table.id).where(sql`ended_at is null`),
		index("node_claims_open_plan_index").on(table.planId, table.id).where(sql`ended_at is null`),
		// what an agent has in hand
		index("node_claims_agent_index").on(table.agentId).where(sql`ended_at is null`),
		check("node_claims_one_holder_check", sql`(user_id is null) <> (agent_id is null)`),
		check("node_claims_ended_check", sql`(ended_at is null) = (ended_as is null)`),
		check("node_claims_ended_as_check", oneOf("ended_as", claimEnds)),
		check("node_claims_status_before_check", oneOf("status_before", nodeStatuses)),
	],
);
