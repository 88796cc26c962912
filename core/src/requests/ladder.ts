import type { FrozenLadder, Ladder, LadderStep } from "@agentplanner/contracts";
import type { RequestRow } from "./lock-request.ts";

/*
 * What happens while nobody answers. The ladder is frozen when a request is asked; its clocks run from when that is dispatched, or opened
 * again. Of the steps that are not behind it the one that is due first is next, and stands in `ladder_due_at` and in a timer
 * (time-ladder.ts); what agents say moves it. When it is due, climb-ladder.ts does it and goes on to the one after. Whatever ends the
 * request deletes the timer.
 */

const minuteMs = 60_000;
/** Nobody is reminded sooner after being asked, however short the deadline. */
const leastMinutes = 2;

/** The ladder with its shares in minutes, as a request that is asked now keeps it; null where it has nothing to say. */
export const freezeLadder = (ladder: Ladder, askedAt: Date, deadlineAt: Date): FrozenLadder | null => {
	const minutes = (deadlineAt.getTime() - askedAt.getTime()) / minuteMs;
	const steps = ladder.steps.map(
		(step): LadderStep =>
			"after_percent" in step
				? { after_minutes: Math.max(leastMinutes, Math.round((minutes * step.after_percent) / 100)), of: "dispatch", do: step.do }
				: step,
	);
	return steps.length === 0 ? null : { ...ladder, steps };
};

export type NextStep = { index: number; step: LadderStep; dueAt: Date };

type Clocks = Pick<RequestRow, "status" | "ladder" | "ladderStep" | "ladderFrom" | "workedAt" | "deadlineAt">;

/** The step that is due first of those that are left, by what is known now; null: none before the deadline. */
export const nextStep = ({ status, ladder, ladderStep, ladderFrom, workedAt, deadlineAt }: Clocks): NextStep | null => {
	if (ladder === null || ladderFrom === null) return null;
	const starts = {
		dispatch: ladderFrom,
		acknowledge: workedAt === null ? later(ladderFrom, ladder.acknowledge_within_minutes) : null,
		// Nobody gets on who waits for a person.
		progress: status === "input_required" ? null : later(workedAt ?? ladderFrom, ladder.progress_within_minutes),
	};
	const ahead = ladder.steps.flatMap((step, index): NextStep[] => {
		const dueAt = index < ladderStep ? null : later(starts[step.of], step.after_minutes);
		return dueAt === null || dueAt >= deadlineAt ? [] : [{ index, step, dueAt }];
	});
	return ahead.toSorted((one, other) => one.dueAt.getTime() - other.dueAt.getTime())[0] ?? null;
};

const later = (moment: Date | null, minutes: number | null): Date | null =>
	moment === null || minutes === null ? null : new Date(moment.getTime() + minutes * minuteMs);
