import { planRoles, roles, scopes } from "@agentplanner/contracts";
import { sql } from "drizzle-orm";
import { check, foreignKey, pgTable, text, unique, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { agents } from "./agents.ts";
import { bytes, citext, createdAt, id, moment } from "./columns.ts";
import { oneOf } from "./one-of.ts";
import { plans } from "./plans.ts";
import { projects } from "./projects.ts";
import { users } from "./users.ts";

/** Who may become a member; the link's token is made from the id, so it is stored nowhere. */
export const invitations = pgTable(
	"invitations",
	{
		id: id(),
		projectId: uuid()
			.notNull()
			.references(() => projects.id, { onDelete: "cascade" }),
		email: citext().notNull(),
		role: text({ enum: roles }).notNull(),
		/** To one plan: it makes a guest of the project and a collaborator of the plan. */
		planId: uuid(),
		planRole: text({ enum: planRoles }),
		invitedByUserId: uuid().references(() => users.id, { onDelete: "set null" }),
		expiresAt: moment().notNull(),
		acceptedAt: moment(),
		revokedAt: moment(),
		createdAt: createdAt(),
	},
	(table) => [
		check("invitations_role_check", oneOf("role", roles)),
		check("invitations_plan_check", sql`(plan_id is null) = (plan_role is null)`),
		foreignKey({
			name: "invitations_plan_fk",
			columns: [table.projectId, table.planId],
			foreignColumns: [plans.projectId, plans.id],
		}).onDelete("cascade"),
		// one link at a time for an address: inviting again withdraws the older one
		uniqueIndex("invitations_open_key")
			.on(table.projectId, table.email)
			.where(sql`plan_id is null and accepted_at is null and revoked_at is null`),
		uniqueIndex("invitations_open_plan_key")
			.on(table.planId, table.email)
			.where(sql`plan_id is not null and accepted_at is null and revoked_at is null`),
	],
);

/** Keys of scripts and agents. `token_hash` is all that is kept of a token; `prefix` is what people tell it by. */
export const apiTokens = pgTable(
	"api_tokens",
	{
		id: id(),
		projectId: uuid()
			.notNull()
			.references(() => projects.id, { onDelete: "cascade" }),
		name: text().notNull(),
		prefix: text().notNull(),
		tokenHash: bytes().notNull().unique("api_tokens_token_hash_key"),
		scopes: text({ enum: scopes }).array().notNull(),
		/** Whose token it is: a member's or an agent's. */
		userId: uuid().references(() => users.id, { onDelete: "cascade" }),
		agentId: uuid(),
		createdByUserId: uuid().references(() => users.id, { onDelete: "set null" }),
		expiresAt: moment(),
		lastUsedAt: moment(),
		revokedAt: moment(),
		createdAt: createdAt(),
	},
	(table) => [
		foreignKey({
			name: "api_tokens_agent_fk",
			columns: [table.projectId, table.agentId],
			foreignColumns: [agents.projectId, agents.id],
		}).onDelete("cascade"),
		// also the order of the list
		unique("api_tokens_project_id_key").on(table.projectId, table.id),
		check("api_tokens_one_owner_check", sql`(user_id is null) <> (agent_id is null)`),
	],
);
