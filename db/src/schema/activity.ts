import { logKinds, type Mention } from "@agentplanner/contracts";
import { sql } from "drizzle-orm";
import { check, foreignKey, index, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, moment, updatedAt, version } from "./columns.ts";
import { oneOf } from "./one-of.ts";
import { planNodes, plans } from "./plans.ts";
import { agentRequests } from "./requests.ts";

/** Who wrote it, by the name of that time: no foreign key, since the text outlives its author's account. */
const author = () => ({ writtenBy: text().notNull(), writtenByUserId: uuid(), writtenByAgentId: uuid() });

/** On a node, or without one on its plan; with a parent it answers the comment that begins the thread. */
export const planComments = pgTable(
	"plan_comments",
	{
		id: id(),
		projectId: uuid().notNull(),
		planId: uuid().notNull(),
		nodeId: uuid(),
		parentId: uuid(),
		text: text().notNull(),
		mentions: jsonb().$type<Mention[]>().notNull().default([]),
		...author(),
		editedAt: moment(),
		resolvedAt: moment(),
		resolvedBy: text(),
		resolvedByUserId: uuid(),
		resolvedByAgentId: uuid(),
		/** Its text is kept for 30 days more. */
		deletedAt: moment(),
		version: version(),
		createdAt: createdAt(),
		updatedAt: updatedAt(),
	},
	(table) => [
		unique("plan_comments_plan_id_key").on(table.projectId, table.planId, table.id),
		foreignKey({
			name: "plan_comments_plan_fk",
			columns: [table.projectId, table.planId],
			foreignColumns: [plans.projectId, plans.id],
		}).onDelete("cascade"),
		foreignKey({
			name: "plan_comments_node_fk",
			columns: [table.projectId, table.planId, table.nodeId],
			foreignColumns: [planNodes.projectId, planNodes.planId, planNodes.id],
		}).onDelete("cascade"),
		foreignKey({
			name: "plan_comments_parent_fk",
			columns: [table.projectId, table.planId, table.parentId],
			foreignColumns: [table.projectId, table.planId, table.id],
		}).onDelete("cascade"),
		// the threads of a node, and those of a plan as a whole
		index("plan_comments_node_index").on(table.nodeId, table.parentId, table.id),
		index("plan_comments_plan_index").on(table.planId, table.nodeId, table.parentId, table.id),
		index("plan_comments_replies_index").on(table.parentId, table.id),
		// what upkeep removes for good
		index("plan_comments_deleted_index").on(table.deletedAt).where(sql`deleted_at is not null`),
		check(
			"plan_comments_resolved_check",
			sql`(resolved_at is null) = (resolved_by is null) and (resolved_at is null or parent_id is null)`,
		),
	],
);

/** What was noted at work on a node; append-only. */
export const planNodeLogs = pgTable(
	"plan_node_logs",
	{
		id: id(),
		projectId: uuid().notNull(),
		planId: uuid().notNull(),
		nodeId: uuid().notNull(),
		kind: text({ enum: logKinds }).notNull(),
		text: text().notNull(),
		agentRequestId: uuid(),
		...author(),
		createdAt: createdAt(),
	},
	(table) => [
		foreignKey({
			name: "plan_node_logs_node_fk",
			columns: [table.projectId, table.planId, table.nodeId],
			foreignColumns: [planNodes.projectId, planNodes.planId, planNodes.id],
		}).onDelete("cascade"),
		foreignKey({
			name: "plan_node_logs_request_fk",
			columns: [table.projectId, table.agentRequestId],
			foreignColumns: [agentRequests.projectId, agentRequests.id],
		}).onDelete("cascade"),
		// a node's, all of them and of one kind
		index("plan_node_logs_node_index").on(table.nodeId, table.id),
		index("plan_node_logs_kind_index").on(table.nodeId, table.kind, table.id),
		// what goes with a request
		index("plan_node_logs_request_index").on(table.agentRequestId).where(sql`agent_request_id is not null`),
		check("plan_node_logs_kind_check", oneOf("kind", logKinds)),
	],
);
