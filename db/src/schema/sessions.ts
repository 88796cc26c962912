import { sql } from "drizzle-orm";
import { foreignKey, index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, moment } from "./columns.ts";
import { projectMembers } from "./projects.ts";
import { users } from "./users.ts";

export const userSessions = pgTable(
	"user_sessions",
	{
		id: id(),
		userId: uuid()
			.notNull()
			.references(() => users.id, { onDelete: "cascade" }),
		tokenHash: bytes().notNull().unique(),
		csrfToken: text().notNull(),
		activeProjectId: uuid(),
		/** The User-Agent that signed in, to tell sessions by. */
		userAgent: text(),
		/** To the minute. */
		lastUsedAt: createdAt(),
		expiresAt: moment().notNull(),
		revokedAt: moment(),
		createdAt: createdAt(),
	},
	(table) => [
		// A session can't stay in a project its user has left. The migration names the one column to set null, which Drizzle can't say.
		foreignKey({
			name: "user_sessions_active_project_fk",
			columns: [table.activeProjectId, table.userId],
			foreignColumns: [projectMembers.projectId, projectMembers.userId],
		}).onDelete("set null"),
		// clean-up deletes what has expired
		index("user_sessions_expires_at_index").on(table.expiresAt),
		index("user_sessions_user_index").on(table.userId).where(sql`revoked_at is null`),
	],
);
