import type { EventCondition } from "@agentplanner/contracts";
import { sql } from "drizzle-orm";
import { bigint, boolean, check, foreignKey, index, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, updatedAt, version } from "./columns.ts";
import { messagingIntegrations } from "./integrations.ts";
import { users } from "./users.ts";

/** A filter in front of an integration: which events are sent there. Where that is and how it fares belongs to the integration. */
export const webhookSubscriptions = pgTable(
	"webhook_subscriptions",
	{
		id: id(),
		projectId: uuid().notNull(),
		name: text().notNull(),
		integrationId: uuid().notNull(),
		address: text().notNull().default(""),
		/** The integration was made for it, and goes with it. */
		ownsIntegration: boolean().notNull(),
		types: text().array().notNull(),
		planIds: uuid().array(),
		condition: jsonb().$type<EventCondition>(),
		enabled: boolean().notNull().default(true),
		/** What comes after it in commit order is sent. */
		fromPosition: bigint({ mode: "number" }).notNull(),
		/** While missed events are sent again: the last one looked at, and the last one to look at. */
		replayPosition: bigint({ mode: "number" }),
		replayUntil: bigint({ mode: "number" }),
		/** Who made it, or changed it last: of private plans it sees what they see. */
		ownerUserId: uuid().references(() => users.id, { onDelete: "set null" }),
		owner: text().notNull(),
		version: version(),
		createdAt: createdAt(),
		updatedAt: updatedAt(),
	},
	(table) => [
		unique("webhook_subscriptions_project_id_key").on(table.projectId, table.id),
		unique("webhook_subscriptions_name_key").on(table.projectId, table.name),
		foreignKey({
			name: "webhook_subscriptions_integration_fk",
			columns: [table.projectId, table.integrationId],
			foreignColumns: [messagingIntegrations.projectId, messagingIntegrations.id],
		}).onDelete("cascade"),
		index("webhook_subscriptions_integration_index").on(table.integrationId),
		check("webhook_subscriptions_replay_check", sql`(replay_position is null) = (replay_until is null)`),
	],
);
