import { randomUUID } from "node:crypto";
import type { TimerType, WakeType } from "@agentplanner/contracts";
import { type Database, events, outbox, projects, sql, timers } from "@agentplanner/db";

/** As verbs write them: rows in one transaction, the NOTIFY after it. */
export const createProject = async (db: Database): Promise<string> => {
	const [project] = await db.orm.insert(projects).values({ name: "relay" }).returning({ id: projects.id });
	if (!project) throw new Error("no project");
	return project.id;
};

type EventOptions = { type: WakeType; count?: number; data?: Record<string, unknown>; traceId?: string; projectId?: string };

export const writeEvents = async (db: Database, { type, count = 1, data = {}, traceId, projectId }: EventOptions): Promise<string[]> => {
	const ids = await db.orm.transaction(async (tx) => {
		const rows = Array.from({ length: count }, () => ({
			type,
			projectId: projectId ?? null,
			subjectType: "request",
			subjectId: randomUUID(),
			data,
			actor: {},
			traceId: traceId ?? null,
		}));
		const written = await tx.insert(events).values(rows).returning({ id: events.id });
		await tx.insert(outbox).values(written.map(({ id }) => ({ eventId: id, type })));
		return written.map(({ id }) => id);
	});
	db.notifier.notify("outbox");
	return ids;
};

type TimerOptions = { type: TimerType; inMs?: number; data?: Record<string, unknown> };

/** Answers with the timer's id and when it is due. */
export const writeTimer = async (db: Database, { type, inMs = 0, data = {} }: TimerOptions): Promise<{ id: string; dueAt: Date }> => {
	const projectId = await createProject(db);
	const [timer] = await db.orm
		.insert(timers)
		.values({ projectId, type, subjectId: randomUUID(), data, dueAt: sql`clock_timestamp() + ${inMs} * interval '1 millisecond'` })
		.returning({ id: timers.id, dueAt: timers.dueAt });
	if (!timer) throw new Error("no timer");
	db.notifier.notify("timers");
	return timer;
};
