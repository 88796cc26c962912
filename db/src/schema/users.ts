import { pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { citext, createdAt, id, updatedAt } from "./columns.ts";

export const users = pgTable("users", {
	id: id(),
	email: citext().notNull().unique(),
	name: text().notNull(),
	/** None: this account signs in through a linked account alone. */
	passwordHash: text(),
	createdAt: createdAt(),
	updatedAt: updatedAt(),
});

/** Which person on a platform a user is: who signs in with it, who may decide there, and where a message to the user goes. */
export const linkedAccounts = pgTable(
	"linked_accounts",
	{
		id: id(),
		userId: uuid()
			.notNull()
			.references(() => users.id, { onDelete: "cascade" }),
		/** `github`, or an adapter's id. */
		provider: text().notNull(),
		/** The team, guild or gateway on whose word the person's id counts, as in `messaging_integrations`; none where ids hold everywhere. */
		externalAccount: text(),
		externalUserId: text().notNull(),
		/** What the person is called there. */
		name: text().notNull(),
		createdAt: createdAt(),
	},
	(table) => [
		// a person there is one user here
		unique("linked_accounts_external_user_key").on(table.provider, table.externalAccount, table.externalUserId).nullsNotDistinct(),
		// and a user one person there, so that it's clear where a message goes; also the list of a user's accounts
		unique("linked_accounts_user_key").on(table.userId, table.provider, table.externalAccount).nullsNotDistinct(),
	],
);
