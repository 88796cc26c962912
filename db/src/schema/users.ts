import { pgTable, text } from "drizzle-orm/pg-core";
import { citext, createdAt, id, updatedAt } from "./columns.ts";

export const users = pgTable("users", {
	id: id(),
	email: citext().notNull().unique(),
	name: text().notNull(),
	passwordHash: text(),
	createdAt: createdAt(),
	updatedAt: updatedAt(),
});
