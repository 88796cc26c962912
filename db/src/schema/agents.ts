import type { Ladder } from "@agentplanner/contracts";
import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, moment, updatedAt, version } from "./columns.ts";
import { messagingIntegrations } from "./integrations.ts";
import { plans } from "./plans.ts";
import { projects } from "./projects.ts";

export const agents = pgTable(
	"agents",
	{
		id: id(),
		projectId: uuid()
			.notNull()
			.references(() => projects.id, { onDelete: "cascade" }),
		name: text().notNull(),
		description: text().notNull().default(""),
		/** What it is good at, in words that people chose. */
		capabilities: text().array().notNull().default(sql`'{}'`),
		/** Null: the project's. */
		ladder: jsonb().$type<Ladder>(),
		version: version(),
		createdAt: createdAt(),
		updatedAt: updatedAt(),
	},
	(table) => [unique("agents_project_id_key").on(table.projectId, table.id), unique("agents_name_key").on(table.projectId, table.name)],
);

/** The last sign of life of an agent, apart from its row so that it never clashes with an edit. */
export const agentHeartbeats = pgTable(
	"agent_heartbeats",
	{
		projectId: uuid().notNull(),
		agentId: uuid().notNull(),
		lastSeenAt: moment().notNull(),
		/** How often it said it would beat; null: it never did, so its silence says nothing. */
		intervalSeconds: integer(),
		/** When its silence was noticed; null as soon as it is heard of again. */
		goneAt: moment(),
	},
	(table) => [
		primaryKey({ columns: [table.projectId, table.agentId] }),
		foreignKey({
			name: "agent_heartbeats_agent_fk",
			columns: [table.projectId, table.agentId],
			foreignColumns: [agents.projectId, agents.id],
		}).onDelete("cascade"),
	],
);

/** An integration and an address in it; of an agent, of a plan, or (neither) the project's default. */
export const routes = pgTable(
	"routes",
	{
		id: id(),
		projectId: uuid()
			.notNull()
			.references(() => projects.id, { onDelete: "cascade" }),
		agentId: uuid(),
		planId: uuid(),
		integrationId: uuid().notNull(),
		address: text().notNull().default(""),
		position: integer().notNull(),
		createdAt: createdAt(),
	},
	(table) => [
		foreignKey({
			name: "routes_agent_fk",
			columns: [table.projectId, table.agentId],
			foreignColumns: [agents.projectId, agents.id],
		}).onDelete("cascade"),
		foreignKey({ name: "routes_plan_fk", columns: [table.projectId, table.planId], foreignColumns: [plans.projectId, plans.id] }).onDelete(
			"cascade",
		),
		foreignKey({
			name: "routes_integration_fk",
			columns: [table.projectId, table.integrationId],
			foreignColumns: [messagingIntegrations.projectId, messagingIntegrations.id],
		}).onDelete("cascade"),
		unique("routes_owner_position_key").on(table.projectId, table.agentId, table.planId, table.position).nullsNotDistinct(),
		unique("routes_owner_address_key")
			.on(table.projectId, table.agentId, table.planId, table.integrationId, table.address)
			.nullsNotDistinct(),
		check("routes_one_owner_check", sql`agent_id is null or plan_id is null`),
		index("routes_integration_index").on(table.projectId, table.integrationId),
	],
);
