import { type DecisionOption, decisionStatuses, expiryRules, type Recommendation, urgencies } from "@agentplanner/contracts";
import { sql } from "drizzle-orm";
import { check, foreignKey, index, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { agents } from "./agents.ts";
import { createdAt, id, moment, updatedAt } from "./columns.ts";
import { oneOf } from "./one-of.ts";
import { planNodes } from "./plans.ts";
import { agentRequests } from "./requests.ts";
import { users } from "./users.ts";

/** A question to people. The state machine is in core/src/decisions/. */
export const decisionRequests = pgTable(
	"decision_requests",
	{
		id: id(),
		projectId: uuid().notNull(),
		planId: uuid().notNull(),
		nodeId: uuid().notNull(),
		agentRequestId: uuid(),
		question: text().notNull(),
		details: text().notNull().default(""),
		options: jsonb().$type<DecisionOption[]>().notNull(),
		recommendation: jsonb().$type<Recommendation>(),
		urgency: text({ enum: urgencies }).notNull().default("can_continue"),
		/** No foreign key: who leaves must not open the decision to everybody. Empty: whoever has the right to. */
		deciderIds: uuid().array().notNull().default(sql`'{}'`),
		status: text({ enum: decisionStatuses }).notNull().default("pending"),
		onExpiry: text({ enum: expiryRules }).notNull(),
		expiresAt: moment(),
		lapsedAt: moment(),
		askedBy: text().notNull(),
		askedByUserId: uuid().references(() => users.id, { onDelete: "set null" }),
		askedByAgentId: uuid(),
		/** The delivery whose agent asked; the outcome goes where it went. */
		askedDeliveryId: uuid(),
		/** Of what an agent asked: unique per request, so that a repeat is stored once. */
		externalId: text(),
		optionId: text(),
		comment: text().notNull().default(""),
		closedBy: text(),
		closedByUserId: uuid().references(() => users.id, { onDelete: "set null" }),
		closedVia: text(),
		closedAt: moment(),
		/** The HTTP request that asked, and its trace. */
		requestId: text(),
		traceId: text(),
		createdAt: createdAt(),
		updatedAt: updatedAt(),
	},
	(table) => [
		unique("decision_requests_project_id_key").on(table.projectId, table.id),
		unique("decision_requests_external_key").on(table.agentRequestId, table.externalId),
		foreignKey({
			name: "decision_requests_node_fk",
			columns: [table.projectId, table.planId, table.nodeId],
			foreignColumns: [planNodes.projectId, planNodes.planId, planNodes.id],
		}).onDelete("cascade"),
		foreignKey({
			name: "decision_requests_request_fk",
			columns: [table.projectId, table.agentRequestId],
			foreignColumns: [agentRequests.projectId, agentRequests.id],
		}).onDelete("cascade"),
		foreignKey({
			name: "decision_requests_agent_fk",
			columns: [table.projectId, table.askedByAgentId],
			foreignColumns: [agents.projectId, agents.id],
		}).onDelete("cascade"),
		index("decision_requests_node_index").on(table.nodeId, table.id),
		// what an agent asked
		index("decision_requests_agent_index").on(table.askedByAgentId, table.id).where(sql`asked_by_agent_id is not null`),
		// the pending ones: Inbox, and the check that each has its timer
		index("decision_requests_pending_index").on(table.projectId, table.id).where(sql`status = 'pending'`),
		check("decision_requests_status_check", oneOf("status", decisionStatuses)),
		// what holds a node up
		index("decision_requests_blocking_index").on(table.nodeId).where(sql`status = 'pending' and urgency = 'blocking'`),
		check("decision_requests_urgency_check", oneOf("urgency", urgencies)),
		check("decision_requests_on_expiry_check", oneOf("on_expiry", expiryRules)),
		check("decision_requests_closed_check", sql`(closed_at is null) = (status = 'pending')`),
		check(
			"decision_requests_option_check",
			sql`(option_id is not null) = (status = 'decided' or (status = 'expired' and on_expiry in ('reject', 'approve')))`,
		),
		check("decision_requests_expiry_check", sql`expires_at is not null or (on_expiry = 'wait' and lapsed_at is null)`),
	],
);
