import {
	attemptOutcomes,
	deliveryKinds,
	deliveryStatuses,
	type Exchange,
	type MessageContent,
	type Reason,
	type Receipt,
} from "@agentplanner/contracts";
import { sql } from "drizzle-orm";
import { boolean, check, foreignKey, index, integer, jsonb, pgTable, text, unique, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { agents } from "./agents.ts";
import { createdAt, id, moment, updatedAt } from "./columns.ts";
import { decisionRequests } from "./decisions.ts";
import { messagingIntegrations } from "./integrations.ts";
import { oneOf } from "./one-of.ts";
import { agentRequests } from "./requests.ts";
import { webhookSubscriptions } from "./subscriptions.ts";

/** One message to one integration. The state machine is in core/src/deliveries/. */
export const messageDeliveries = pgTable(
	"message_deliveries",
	{
		id: id(),
		projectId: uuid().notNull(),
		agentRequestId: uuid(),
		/** Of a message about a decision: to who may decide, or to the agent that asked. */
		decisionId: uuid(),
		kind: text({ enum: deliveryKinds }).notNull(),
		/** Of an event: for whom, and which one. No foreign key: a test is no event. */
		subscriptionId: uuid(),
		eventId: uuid(),
		integrationId: uuid().notNull(),
		/** Of what others read along (an event in a plan, what goes by the project's own routes): that plan. It goes as long as that isn't private. */
		openPlanId: uuid(),
		agentId: uuid(),
		address: text().notNull().default(""),
		/** Of a reply: the agent's question (a response) that it replies to. */
		questionId: uuid(),
		content: jsonb().$type<MessageContent>().notNull(),
		/** What its first attempt sent, for all others to send: JSON, without the reply token; and its size on the wire. */
		payload: text(),
		payloadBytes: integer(),
		/** The delivery that gave up, of which this is an edited copy. No foreign key: it says where this came from even when that is gone. */
		replayedFrom: uuid(),
		status: text({ enum: deliveryStatuses }).notNull().default("queued"),
		reason: jsonb().$type<Reason>(),
		attemptCount: integer().notNull().default(0),
		/** Attempts since the last replay: what the retry schedule counts. */
		scheduleStep: integer().notNull().default(0),
		worker: text(),
		/** Grows with every claim; an outcome is written only where it still matches. */
		fence: integer().notNull().default(0),
		leaseUntil: moment(),
		nextAttemptAt: moment(),
		/** Since when it is due and waits its turn all the same (throttled, or the breaker is open): it is woken when it may go. */
		waitsSince: moment(),
		/** With a rate limit: the moment that is reserved for its next attempt. */
		turnAt: moment(),
		/** Where a `sending` delivery goes when its attempt ends: somebody closed it meanwhile. */
		closeAs: text({ enum: ["cancelled", "superseded"] }),
		/** A person wants it sent now: its next attempt doesn't wait for the integration's hold to end. */
		passHold: boolean().notNull().default(false),
		receipt: jsonb().$type<Receipt>(),
		/** Its answer has to be fetched, and more may come: a timer looks for it as long as the request is open. */
		collecting: boolean().notNull().default(false),
		deliveredAt: moment(),
		/** Who put it aside after it gave up. */
		discardedAt: moment(),
		discardedBy: text(),
		discardReason: text(),
		traceId: text(),
		requestId: text(),
		createdAt: createdAt(),
		updatedAt: updatedAt(),
	},
	(table) => [
		unique("message_deliveries_project_id_key").on(table.projectId, table.id),
		foreignKey({
			name: "message_deliveries_request_fk",
			columns: [table.projectId, table.agentRequestId],
			foreignColumns: [agentRequests.projectId, agentRequests.id],
		}).onDelete("cascade"),
		foreignKey({
			name: "message_deliveries_decision_fk",
			columns: [table.projectId, table.decisionId],
			foreignColumns: [decisionRequests.projectId, decisionRequests.id],
		}).onDelete("cascade"),
		foreignKey({
			name: "message_deliveries_integration_fk",
			columns: [table.projectId, table.integrationId],
			foreignColumns: [messagingIntegrations.projectId, messagingIntegrations.id],
		}).onDelete("cascade"),
		foreignKey({
			name: "message_deliveries_subscription_fk",
			columns: [table.projectId, table.subscriptionId],
			foreignColumns: [webhookSubscriptions.projectId, webhookSubscriptions.id],
		}).onDelete("cascade"),
		foreignKey({
			name: "message_deliveries_agent_fk",
			columns: [table.projectId, table.agentId],
			foreignColumns: [agents.projectId, agents.id],
		}).onDelete("cascade"),
		index("message_deliveries_request_index").on(table.agentRequestId),
		index("message_deliveries_decision_index").on(table.decisionId).where(sql`decision_id is not null`),
		index("message_deliveries_dead_index").on(table.projectId, table.id).where(sql`status = 'dead'`),
		// what waits at an integration, for holds and releases
		index("message_deliveries_open_index")
			.on(table.integrationId, table.status)
			.where(sql`status in ('queued', 'sending', 'retrying', 'unknown')`),
		// whose turn is next
		index("message_deliveries_turn_index")
			.on(table.integrationId, table.id)
			.where(sql`waits_since is not null and status in ('queued', 'retrying', 'unknown')`),
		// whose answers have to be fetched
		index("message_deliveries_collecting_index").on(table.integrationId).where(sql`collecting and status in ('delivered', 'acknowledged')`),
		// the plain messages of a channel, newest first
		index("message_deliveries_text_index").on(table.integrationId, table.id).where(sql`kind = 'text'`),
		// word to people about a request that is still on its way when that ends
		index("message_deliveries_about_index")
			.on(sql`(content #>> '{about,agent_request_id}')`)
			.where(sql`kind = 'text' and status in ('queued', 'sending', 'retrying', 'unknown')`),
		// lease renewal
		index("message_deliveries_lease_index").on(table.worker).where(sql`status = 'sending'`),
		// no event goes to a subscription twice
		uniqueIndex("message_deliveries_event_key").on(table.subscriptionId, table.eventId).where(sql`subscription_id is not null`),
		// what gave up is edited and sent again once
		uniqueIndex("message_deliveries_replayed_from_key").on(table.replayedFrom).where(sql`replayed_from is not null`),
		// a subscription's log, newest first
		index("message_deliveries_subscription_index").on(table.subscriptionId, table.id).where(sql`subscription_id is not null`),
		// whose thread somebody writes in
		index("message_deliveries_platform_index")
			.on(table.integrationId, sql`(receipt ->> 'platformId')`)
			.where(sql`receipt ->> 'platformId' is not null`),
		check("message_deliveries_kind_check", oneOf("kind", deliveryKinds)),
		check("message_deliveries_status_check", oneOf("status", deliveryStatuses)),
		check("message_deliveries_payload_check", sql`(payload is null) = (payload_bytes is null)`),
		check("message_deliveries_discard_check", sql`num_nulls(discarded_at, discarded_by, discard_reason) in (0, 3)`),
		check("message_deliveries_event_check", sql`(subscription_id is null) = (event_id is null)`),
		check("message_deliveries_lease_check", sql`(status = 'sending') = (lease_until is not null and worker is not null)`),
	],
);

export const deliveryAttempts = pgTable(
	"delivery_attempts",
	{
		id: id(),
		projectId: uuid().notNull(),
		deliveryId: uuid().notNull(),
		number: integer().notNull(),
		worker: text().notNull(),
		startedAt: moment().notNull(),
		finishedAt: moment(),
		outcome: text({ enum: attemptOutcomes }),
		detail: text(),
		remedy: text(),
		nextAttemptAt: moment(),
		exchange: jsonb().$type<Exchange>(),
	},
	(table) => [
		unique("delivery_attempts_number_key").on(table.deliveryId, table.number),
		foreignKey({
			name: "delivery_attempts_delivery_fk",
			columns: [table.projectId, table.deliveryId],
			foreignColumns: [messageDeliveries.projectId, messageDeliveries.id],
		}).onDelete("cascade"),
		check("delivery_attempts_outcome_check", oneOf("outcome", attemptOutcomes)),
	],
);
