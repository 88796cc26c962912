import { integer, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, updatedAt } from "./columns.ts";
import { projects } from "./projects.ts";

/** What must always be true and was found not to be, one row per project and rule as long as it lasts: so that it is told once. */
export const violations = pgTable(
	"violations",
	{
		id: id(),
		projectId: uuid()
			.notNull()
			.references(() => projects.id, { onDelete: "cascade" }),
		rule: text().notNull(),
		count: integer().notNull(),
		/** Some of the rows that it was found at, by id. */
		subjects: text().array().notNull(),
		createdAt: createdAt(),
		updatedAt: updatedAt(),
	},
	(table) => [unique("violations_rule_key").on(table.projectId, table.rule)],
);
