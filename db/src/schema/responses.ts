import { responseKinds, responseOutcomes } from "@agentplanner/contracts";
import { sql } from "drizzle-orm";
import { check, foreignKey, index, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { agents } from "./agents.ts";
import { createdAt, id, moment } from "./columns.ts";
import { messageDeliveries } from "./deliveries.ts";
import { oneOf } from "./one-of.ts";
import { agentRequests } from "./requests.ts";

export const agentResponses = pgTable(
	"agent_responses",
	{
		id: id(),
		projectId: uuid().notNull(),
		agentRequestId: uuid().notNull(),
		deliveryId: uuid(),
		agentId: uuid(),
		/** Who answered, for the answer policy: `agent:<id>`, `route:<integration>/<address>` or `user:<id>`. */
		respondent: text().notNull(),
		/** The name people see. */
		respondentName: text().notNull(),
		kind: text({ enum: responseKinds }).notNull(),
		text: text().notNull(),
		/** Unique per request and respondent, so that a repeated reply is stored once. */
		externalId: text().notNull(),
		outcome: text({ enum: responseOutcomes }).notNull().default("received"),
		appliedAt: moment(),
		createdAt: createdAt(),
	},
	(table) => [
		unique("agent_responses_project_id_key").on(table.projectId, table.id),
		unique("agent_responses_external_key").on(table.agentRequestId, table.respondent, table.externalId),
		foreignKey({
			name: "agent_responses_request_fk",
			columns: [table.projectId, table.agentRequestId],
			foreignColumns: [agentRequests.projectId, agentRequests.id],
		}).onDelete("cascade"),
		foreignKey({
			name: "agent_responses_agent_fk",
			columns: [table.projectId, table.agentId],
			foreignColumns: [agents.projectId, agents.id],
		}).onDelete("cascade"),
		foreignKey({
			name: "agent_responses_delivery_fk",
			columns: [table.projectId, table.deliveryId],
			foreignColumns: [messageDeliveries.projectId, messageDeliveries.id],
		}).onDelete("cascade"),
		// whether a delivery has been answered
		index("agent_responses_delivery_index").on(table.deliveryId),
		// the check that every unapplied response has its timer
		index("agent_responses_unapplied_index").on(table.id).where(sql`applied_at is null`),
		check("agent_responses_kind_check", oneOf("kind", responseKinds)),
		check("agent_responses_outcome_check", oneOf("outcome", responseOutcomes)),
	],
);
