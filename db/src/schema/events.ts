import { sql } from "drizzle-orm";
import { bigint, index, integer, jsonb, pgTable, text, unique, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, moment } from "./columns.ts";
import { projects } from "./projects.ts";

/** A link of a chain: append-only. `position` and `hash` are set once, right after commit, by the stamper. */
const chained = () => ({
	id: id(),
	/** Null for acts of an account. No foreign key: history outlives what it speaks of. */
	projectId: uuid(),
	type: text().notNull(),
	subjectType: text().notNull(),
	subjectId: uuid().notNull(),
	data: jsonb().$type<Record<string, unknown>>().notNull(),
	actor: jsonb().$type<Record<string, unknown>>().notNull(),
	requestId: text(),
	traceId: text(),
	occurredAt: createdAt(),
	position: bigint({ mode: "number" }),
	hash: bytes(),
});

/**
 * What happened. `plan_id` and `node_id` say on whose timelines it stands: worked out of what the row names when it is written, so the
 * hash doesn't cover them.
 */
export const events = pgTable("events", { ...chained(), planId: uuid(), nodeId: uuid() }, (table) => [
	uniqueIndex("events_position_key").on(table.position),
	// the stamper's work
	index("events_unstamped_index").on(table.id).where(sql`position is null`),
	// the cursor of a project's pages and subscribers, and its timeline
	index("events_project_position_index").on(table.projectId, table.position),
	index("events_subject_index").on(table.subjectId, table.position),
	// the timelines of a plan and a node
	index("events_plan_position_index").on(table.planId, table.position).where(sql`plan_id is not null`),
	index("events_node_position_index").on(table.nodeId, table.position).where(sql`node_id is not null`),
]);

/** Critical acts: who gave whom access, touched secrets or members, replayed what. `evidence_refs`: ids of what else shows it. */
export const auditLogs = pgTable("audit_logs", { ...chained(), evidenceRefs: text().array().notNull().default(sql`'{}'`) }, (table) => [
	uniqueIndex("audit_logs_position_key").on(table.position),
	index("audit_logs_unstamped_index").on(table.id).where(sql`position is null`),
	index("audit_logs_project_position_index").on(table.projectId, table.position),
]);

/** What the engine has not been told yet; deleted when the push succeeded. */
export const outbox = pgTable(
	"outbox",
	{
		eventId: uuid().primaryKey(),
		type: text().notNull(),
		attempts: integer().notNull().default(0),
		nextTryAt: moment().notNull().default(sql`now()`),
		lastError: text(),
		parkedAt: moment(),
		createdAt: createdAt(),
	},
	(table) => [index("outbox_due_index").on(table.nextTryAt, table.eventId).where(sql`parked_at is null`)],
);

/** What shall happen later. A new id each time it is set, so that no wake id ever comes twice. */
export const timers = pgTable(
	"timers",
	{
		id: id(),
		projectId: uuid()
			.notNull()
			.references(() => projects.id, { onDelete: "cascade" }),
		type: text().notNull(),
		subjectId: uuid().notNull(),
		data: jsonb().$type<Record<string, unknown>>().notNull().default({}),
		dueAt: moment().notNull(),
		fired: integer().notNull().default(0),
		lastError: text(),
		createdAt: createdAt(),
	},
	(table) => [unique("timers_type_subject_key").on(table.type, table.subjectId), index("timers_due_index").on(table.dueAt)],
);
