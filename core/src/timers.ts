import type { TimerType } from "@agentplanner/contracts";
import { and, eq, type SQL, sql, timers } from "@agentplanner/db";
import type { ProjectContext, Tx } from "./context.ts";
import { putTimer } from "./pending-writes.ts";

/** Due at a moment, or that many milliseconds after the database's now(). */
export type NewTimer = { type: TimerType; subjectId: string; data?: Record<string, unknown> } & ({ dueAt: Date } | { dueInMs: number });

/** A moment that many milliseconds after the database's now(). */
export const fromNow = (ms: number): SQL => sql`now() + ${ms}::double precision * interval '1 millisecond'`;

/**
 * How long an event's own wake-up is given before its timer raises it again: soon enough after a crash, late enough that a
 * mere backlog isn't raised twice.
 */
export const backstopMs = 60_000;

/**
 * Sets timers, replacing those of the same type and subject under new ids, so that no wake id ever comes twice. Written with the
 * COMMIT, as what deleteTimers deletes: queries of the same transaction still see the timers that were there before.
 */
export const setTimers = (tx: Tx<ProjectContext>, ...newTimers: NewTimer[]): void => {
	for (const { type, subjectId, data, ...due } of newTimers)
		putTimer(tx.pending, {
			type,
			subject_id: subjectId,
			project_id: tx.projectId,
			due_at: "dueAt" in due ? due.dueAt.toISOString() : null,
			due_in_ms: "dueInMs" in due ? due.dueInMs : null,
			data: data ?? {},
		});
};

/** Deletes timers of these types and this subject, with the COMMIT; what has already been raised finds nothing to do. */
export const deleteTimers = (tx: Tx, subjectId: string, ...types: TimerType[]): void => {
	for (const type of types) putTimer(tx.pending, { type, subject_id: subjectId, deleted: true });
};

/**
 * Has a timer that was raised come again soon, for what there was no room for just now: after a second or two, and twice as long with each
 * time up to about a minute, spread out.
 */
export const wakeSoon = async ({ db, projectId }: ProjectContext, subjectId: string, type: TimerType): Promise<void> => {
	await db
		.update(timers)
		.set({ dueAt: sql`now() + power(2, least(fired - 1, 6)) * (0.5 + random()) * interval '1 second'` })
		.where(and(eq(timers.projectId, projectId), eq(timers.subjectId, subjectId), eq(timers.type, type)));
};
