import { type ReplayFilter, replayJobStates, type SkipReason } from "@agentplanner/contracts";
import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, moment, updatedAt } from "./columns.ts";
import { oneOf } from "./one-of.ts";
import { projects } from "./projects.ts";

/** Dead letters that are sent again, one after the other: core/src/dead-letters/run-replay.ts. */
export const replayJobs = pgTable(
	"replay_jobs",
	{
		id: id(),
		projectId: uuid()
			.notNull()
			.references(() => projects.id, { onDelete: "cascade" }),
		filter: jsonb().$type<ReplayFilter>().notNull(),
		state: text({ enum: replayJobStates }).notNull().default("running"),
		total: integer().notNull(),
		done: integer().notNull().default(0),
		skipped: jsonb().$type<Partial<Record<SkipReason, number>>>().notNull().default({}),
		ratePerSecond: integer().notNull(),
		/** The last delivery it has dealt with; it goes by their ids. */
		cursor: uuid(),
		/** No batch begins before. */
		nextBatchAt: moment().notNull().default(sql`now()`),
		/** Who began it, as whom it sends. */
		actor: jsonb().$type<Record<string, unknown>>().notNull(),
		createdBy: text().notNull(),
		finishedAt: moment(),
		createdAt: createdAt(),
		updatedAt: updatedAt(),
	},
	(table) => [
		index("replay_jobs_list_index").on(table.projectId, table.id),
		// one at a time per integration, and one over all of them
		uniqueIndex("replay_jobs_running_key")
			.on(table.projectId, sql`coalesce(filter ->> 'integration_id', '')`)
			.where(sql`state in ('running', 'paused')`),
		check("replay_jobs_state_check", oneOf("state", replayJobStates)),
	],
);
