import { type AnswerPolicy, type ContextSnapshot, type FrozenLadder, type Reason, requestStatuses } from "@agentplanner/contracts";
import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { agents } from "./agents.ts";
import { createdAt, id, moment, updatedAt, version } from "./columns.ts";
import { messagingIntegrations } from "./integrations.ts";
import { oneOf } from "./one-of.ts";
import { planNodes } from "./plans.ts";

export const agentRequests = pgTable(
	"agent_requests",
	{
		id: id(),
		projectId: uuid().notNull(),
		planId: uuid().notNull(),
		nodeId: uuid().notNull(),
		question: text().notNull(),
		status: text({ enum: requestStatuses }).notNull().default("queued"),
		reason: jsonb().$type<Reason>(),
		answerPolicy: jsonb().$type<AnswerPolicy>().notNull(),
		context: jsonb().$type<ContextSnapshot>(),
		progress: text(),
		inputQuestion: text(),
		/** The delivery whose agent asked back; a person's reply goes where it went. */
		inputDeliveryId: uuid(),
		askedBy: text().notNull(),
		askedByUserId: uuid(),
		deadlineAt: moment().notNull(),
		ladder: jsonb().$type<FrozenLadder>(),
		/** The first of its steps that is not done yet, nor passed over. */
		ladderStep: integer().notNull().default(0),
		/** When its clocks began to run: dispatched, or opened again. */
		ladderFrom: moment(),
		/** When the next step is due; its timer says the same. */
		ladderDueAt: moment(),
		/** The last acknowledgement or word of progress since `ladderFrom`. */
		workedAt: moment(),
		dispatchedAt: moment(),
		closedAt: moment(),
		/** The HTTP request that asked, and its trace. */
		requestId: text(),
		traceId: text(),
		version: version(),
		createdAt: createdAt(),
		updatedAt: updatedAt(),
	},
	(table) => [
		unique("agent_requests_project_id_key").on(table.projectId, table.id),
		foreignKey({
			name: "agent_requests_node_fk",
			columns: [table.projectId, table.planId, table.nodeId],
			foreignColumns: [planNodes.projectId, planNodes.planId, planNodes.id],
		}).onDelete("cascade"),
		index("agent_requests_node_index").on(table.nodeId, table.id),
		index("agent_requests_status_index").on(table.projectId, table.status, table.id),
		// the open ones: Inbox, and the check that each has its timer
		index("agent_requests_open_index")
			.on(table.projectId, table.id)
			.where(sql`status in ('queued', 'dispatched', 'working', 'input_required')`),
		// those that ended lately, for the check of how they did
		index("agent_requests_closed_index").on(table.closedAt).where(sql`closed_at is not null`),
		check("agent_requests_status_check", oneOf("status", requestStatuses)),
		check("agent_requests_closed_check", sql`(closed_at is null) = (status in ('queued', 'dispatched', 'working', 'input_required'))`),
	],
);

/** Whom a request asks: an agent, or one route directly. None: the plan's or the project's routes. */
export const agentRequestTargets = pgTable(
	"agent_request_targets",
	{
		id: id(),
		projectId: uuid().notNull(),
		agentRequestId: uuid().notNull(),
		position: integer().notNull(),
		agentId: uuid(),
		integrationId: uuid(),
		address: text().notNull().default(""),
	},
	(table) => [
		unique("agent_request_targets_position_key").on(table.agentRequestId, table.position),
		foreignKey({
			name: "agent_request_targets_request_fk",
			columns: [table.projectId, table.agentRequestId],
			foreignColumns: [agentRequests.projectId, agentRequests.id],
		}).onDelete("cascade"),
		foreignKey({
			name: "agent_request_targets_agent_fk",
			columns: [table.projectId, table.agentId],
			foreignColumns: [agents.projectId, agents.id],
		}).onDelete("cascade"),
		foreignKey({
			name: "agent_request_targets_integration_fk",
			columns: [table.projectId, table.integrationId],
			foreignColumns: [messagingIntegrations.projectId, messagingIntegrations.id],
		}).onDelete("cascade"),
		check("agent_request_targets_kind_check", sql`(agent_id is null) <> (integration_id is null)`),
	],
);
