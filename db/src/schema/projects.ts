import { type Ladder, type QuietHours, roles } from "@agentplanner/contracts";
import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, updatedAt, version } from "./columns.ts";
import { oneOf } from "./one-of.ts";
import { users } from "./users.ts";

export const projects = pgTable("projects", {
	id: id(),
	name: text().notNull(),
	/** Private addresses that this project's integrations may reach: CIDR blocks. */
	allowedNetworks: text().array().notNull().default(sql`'{}'`),
	/** What happens while nobody answers a request. */
	ladder: jsonb().$type<Ladder>().notNull().default({ acknowledge_within_minutes: null, progress_within_minutes: null, steps: [] }),
	/** When the steps of a ladder wait. */
	quietHours: jsonb().$type<QuietHours>(),
	/** What gave up longer ago is sent again only where somebody says so. */
	replayMaxAgeDays: integer().notNull().default(7),
	version: version(),
	createdAt: createdAt(),
	updatedAt: updatedAt(),
});

export const projectMembers = pgTable(
	"project_members",
	{
		projectId: uuid()
			.notNull()
			.references(() => projects.id, { onDelete: "cascade" }),
		userId: uuid()
			.notNull()
			.references(() => users.id, { onDelete: "cascade" }),
		role: text({ enum: roles }).notNull(),
		createdAt: createdAt(),
	},
	(table) => [
		primaryKey({ columns: [table.projectId, table.userId] }),
		index("project_members_user_index").on(table.userId),
		check("project_members_role_check", oneOf("role", roles)),
	],
);

/** The first reply to a POST with an `Idempotency-Key`, written in the transaction of what it created. */
export const idempotencyKeys = pgTable(
	"idempotency_keys",
	{
		id: id(),
		/** Who asked: the project (or `-`) and the actor. */
		scope: text().notNull(),
		key: text().notNull(),
		requestHash: bytes().notNull(),
		/** Sealed; none where it would hold what is shown only once. */
		reply: bytes(),
		createdAt: createdAt(),
	},
	(table) => [
		unique("idempotency_keys_scope_key").on(table.scope, table.key),
		index("idempotency_keys_created_at_index").on(table.createdAt),
	],
);
