import { index, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { createdAt, id, moment } from "./columns.ts";

/** One row per worker process; `last_seen_at` moves every second while it lives. */
export const workerRuns = pgTable(
	"worker_runs",
	{
		id: id(),
		engine: text().notNull(),
		host: text().notNull(),
		startedAt: createdAt(),
		lastSeenAt: moment().notNull(),
		stoppedAt: moment(),
		/** What it last said of its engine and relay. */
		health: jsonb().$type<Record<string, unknown>>().notNull().default({}),
	},
	(table) => [index("worker_runs_last_seen_index").on(table.lastSeenAt)],
);

/** Results of finished steps, for engines that keep none themselves: a later step's failure must not repeat them. */
export const engineStepResults = pgTable(
	"engine_step_results",
	{ workflow: text().notNull(), wakeId: text().notNull(), step: text().notNull(), output: jsonb(), createdAt: createdAt() },
	(table) => [
		primaryKey({ columns: [table.workflow, table.wakeId, table.step] }),
		index("engine_step_results_created_at_index").on(table.createdAt),
	],
);
