import type { TimerType } from "@agentplanner/contracts";
import { and, eq, inArray, type SQL, sql, timers } from "@agentplanner/db";
import type { ProjectContext, Tx } from "./context.ts";

export type NewTimer = { type: TimerType; subjectId: string; dueAt: Date | SQL; data?: Record<string, unknown> };

/** A moment that many milliseconds after the database's now(). */
export const fromNow = (ms: number): SQL => sql`now() + ${ms}::double precision * interval '1 millisecond'`;

/**
 * How long an event's own wake-up is given before its timer raises it again: soon enough after a crash, late enough that a
 * mere backlog isn't raised twice.
 */
export const backstopMs = 60_000;

/** Sets timers, replacing those of the same type and subject under new ids, so that no wake id ever comes twice. */
export const setTimers = async (tx: Tx<ProjectContext>, ...newTimers: NewTimer[]): Promise<void> => {
	if (newTimers.length === 0) return;
	await tx.db
		.insert(timers)
		.values(
			newTimers.map(({ type, subjectId, dueAt, data }) => ({
				projectId: tx.projectId,
				type,
				subjectId,
				dueAt: dueAt as Date,
				data: data ?? {},
			})),
		)
		.onConflictDoUpdate({
			target: [timers.type, timers.subjectId],
			set: {
				id: sql`excluded.id`,
				dueAt: sql`excluded.due_at`,
				data: sql`excluded.data`,
				fired: 0,
				lastError: null,
				createdAt: sql`now()`,
			},
		});
	tx.wakes.add("timers");
};

/** Deletes timers of these types and this subject; what has already been raised finds nothing to do. */
export const deleteTimers = async (tx: Tx, subjectId: string, ...types: TimerType[]): Promise<void> => {
	await tx.db.delete(timers).where(and(eq(timers.subjectId, subjectId), inArray(timers.type, types)));
};
