import { type HealthReport, integrationHealths } from "@agentplanner/contracts";
import { sql } from "drizzle-orm";
import { boolean, check, foreignKey, index, jsonb, pgTable, text, unique, uniqueIndex, uuid } from "drizzle-orm/pg-core";
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
		enabled: boolean().notNull().default(true),
		disabledReason: text(),
		health: text({ enum: integrationHealths }).notNull().default("unknown"),
		healthReport: jsonb().$type<HealthReport>(),
		/** Deliveries wait until then (a rate limit, or a probe after refused credentials). */
		heldUntil: moment(),
		heldReason: text(),
		unauthorizedSince: moment(),
		version: version(),
		createdAt: createdAt(),
		updatedAt: updatedAt(),
	},
	(table) => [
		unique("messaging_integrations_project_id_key").on(table.projectId, table.id),
		unique("messaging_integrations_name_key").on(table.projectId, table.name),
		// one account on a platform belongs to one project
		uniqueIndex("messaging_integrations_account_key").on(table.adapter, table.externalAccount).where(sql`external_account is not null`),
		check("messaging_integrations_health_check", oneOf("health", integrationHealths)),
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
	],
);
