import { type DeliveryPolicy, defaultDeliveryPolicy, type HealthReport, integrationHealths, listenerStates } from "@agentplanner/contracts";
import { sql } from "drizzle-orm";
import { boolean, check, foreignKey, index, integer, jsonb, pgTable, text, unique, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, moment, updatedAt, version } from "./columns.ts";
import { oneOf } from "./one-of.ts";
import { projects } from "./projects.ts";

export const messagingIntegrations = pgTable(
	"messaging_integrations",
	{
		id: id(),
		projectId: uuid()
			.notNull()
			.references(() => projects.id, { onDelete: "cascade" }),
		adapter: text().notNull(),
		name: text().notNull(),
		externalAccount: text(),
		settings: jsonb().$type<Record<string, unknown>>().notNull(),
		/** AES-256-GCM over the secrets' JSON, bound to the row's id. */
		credentials: bytes().notNull(),
		/** Names of the secrets that are set, so that screens need no key. */
		secretNames: text().array().notNull().default(sql`'{}'`),
		/** What its adapter says of settings and secrets, so that whoever looks for work needs no key. */
		listens: boolean().notNull().default(false),
		enabled: boolean().notNull().default(true),
		disabledReason: text(),
		health: text({ enum: integrationHealths }).notNull().default("unknown"),
		healthReport: jsonb().$type<HealthReport>(),
		/** Deliveries wait until then (a rate limit, or a probe after refused credentials). */
		heldUntil: moment(),
		heldReason: text(),
		unauthorizedSince: moment(),
		deliveryPolicy: jsonb().$type<DeliveryPolicy>().notNull().default(defaultDeliveryPolicy),
		/** With a rate limit: when the next attempt may begin that nobody has reserved yet. */
		nextFreeAt: moment(),
		/** Since when nothing has got through, how many attempts have failed since, and when people were warned of it. */
		failingSince: moment(),
		failures: integer().notNull().default(0),
		warnedAt: moment(),
		/** When the previous secret stops to sign. */
		previousSecretUntil: moment(),
		/** Attempts in a row that got no answer: many of them open the breaker, and it is open while `breaker_opened_at` is set. */
		breakerFailures: integer().notNull().default(0),
		breakerOpenedAt: moment(),
		/** Failed probes since it opened: each doubles the wait for the next. */
		breakerProbes: integer().notNull().default(0),
		/** When one delivery may probe; while one does, when it counts as lost. */
		breakerProbeAt: moment(),
		breakerProbing: boolean().notNull().default(false),
		version: version(),
		createdAt: createdAt(),
		updatedAt: updatedAt(),
	},
	(table) => [
		unique("messaging_integrations_project_id_key").on(table.projectId, table.id),
		unique("messaging_integrations_name_key").on(table.projectId, table.name),
		// one account on a platform belongs to one project
		uniqueIndex("messaging_integrations_account_key").on(table.adapter, table.externalAccount).where(sql`external_account is not null`),
		// workers look every second
		index("messaging_integrations_listens_index").on(table.id).where(sql`listens`),
		check("messaging_integrations_health_check", oneOf("health", integrationHealths)),
	],
);

/** Who listens for an integration, and how that stands; one row per integration that was ever listened for. */
export const integrationListeners = pgTable(
	"integration_listeners",
	{
		integrationId: uuid().primaryKey(),
		projectId: uuid().notNull(),
		/** A worker's id; null: nobody's. */
		holder: text(),
		/** Counted up by every claim: who holds an older one can write nothing. */
		term: integer().notNull(),
		leaseUntil: moment(),
		/** The integration's, when it was claimed. */
		version: integer().notNull(),
		state: text({ enum: listenerStates }).notNull(),
		since: moment().notNull(),
		problem: text(),
		remedy: text(),
		/** AES-256-GCM over what the adapter wants to know next time, bound to the row's id. */
		session: bytes(),
		/** Starts in a row that didn't last. */
		failures: integer().notNull(),
		/** Nobody begins again before then. */
		nextTryAt: moment(),
		updatedAt: updatedAt(),
	},
	(table) => [
		foreignKey({
			name: "integration_listeners_integration_fk",
			columns: [table.projectId, table.integrationId],
			foreignColumns: [messagingIntegrations.projectId, messagingIntegrations.id],
		}).onDelete("cascade"),
		check("integration_listeners_state_check", oneOf("state", listenerStates)),
		check("integration_listeners_lease_check", sql`(holder is null) = (lease_until is null)`),
	],
);

/** What platforms told us, stored once however often they repeat it. */
export const inboundEvents = pgTable(
	"inbound_events",
	{
		id: id(),
		projectId: uuid().notNull(),
		integrationId: uuid().notNull(),
		externalId: text().notNull(),
		type: text().notNull(),
		data: jsonb().$type<Record<string, unknown>>().notNull(),
		receivedAt: createdAt(),
	},
	(table) => [
		unique("inbound_events_external_key").on(table.integrationId, table.externalId),
		foreignKey({
			name: "inbound_events_integration_fk",
			columns: [table.projectId, table.integrationId],
			foreignColumns: [messagingIntegrations.projectId, messagingIntegrations.id],
		}).onDelete("cascade"),
		index("inbound_events_received_at_index").on(table.receivedAt),
		// ears that are to be forgotten
		index("inbound_events_ear_index").on(table.receivedAt).where(sql`data ? 'ear'`),
	],
);
