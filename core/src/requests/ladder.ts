import type { FrozenLadder, Ladder, LadderStep, QuietHours } from "@agentplanner/contracts";
import type { RequestRow } from "./lock-request.ts";
import { afterQuietHours } from "./quiet-hours.ts";

/*
 * What happens while nobody answers. The ladder is frozen when a request is asked; its clocks run from when that is dispatched, or opened
 * again, and its shares are of the time from there to the deadline. Of the steps that are not behind it the one that is due first is next,
 * and stands in `ladder_due_at` and in a timer (time-ladder.ts); what agents say moves it. When it is due, climb-ladder.ts does it and goes
 * on to the one after. Whatever ends the request deletes the timer.
 */

const minuteMs = 60_000;
/** Nobody is reminded sooner after being asked, however short the deadline. */
const leastMinutes = 2;

/** As a request that is asked now keeps it; null where it has nothing to say. */
export const freezeLadder = (ladder: Ladder, quietHours: QuietHours | null): FrozenLadder | null =>
	ladder.steps.length === 0 ? null : { ...ladder, ...(quietHours ? { quiet_hours: quietHours } : {}) };

/** With such a step those who are asked are asked in turn. */
export const asksInTurn = ({ ladder }: Pick<RequestRow, "ladder">): boolean =>
	ladder?.steps.some((step) => step.do === "next_agent") ?? false;

type Clocks = Pick<RequestRow, "status" | "ladder" | "ladderStep" | "ladderFrom" | "workedAt" | "deadlineAt">;

/** The steps of a ladder that runs from that moment, with its shares in minutes. */
export const stepsOf = ({ steps }: FrozenLadder, from: Date, deadlineAt: Date): LadderStep[] => {
	const minutes = (deadlineAt.getTime() - from.getTime()) / minuteMs;
	return steps.map((step) =>
		"after_percent" in step
			? { after_minutes: Math.max(leastMinutes, Math.round((minutes * step.after_percent) / 100)), of: "dispatch", do: step.do }
			: step,
	);
};

export type NextStep = { index: number; step: LadderStep; dueAt: Date };

/** The step that is due first of those that are left, by what is known now; null: none before the deadline. */
export const nextStep = ({ status, ladder, ladderStep, ladderFrom, workedAt, deadlineAt }: Clocks): NextStep | null => {
	if (ladder === null || ladderFrom === null) return null;
	const starts = {
		dispatch: ladderFrom,
		acknowledge: workedAt === null ? later(ladderFrom, ladder.acknowledge_within_minutes) : null,
		// Nobody gets on who waits for a person.
		progress: status === "input_required" ? null : later(workedAt ?? ladderFrom, ladder.progress_within_minutes),
	};
	const left = stepsOf(ladder, ladderFrom, deadlineAt).flatMap((step, index): NextStep[] => {
		const moment = index < ladderStep ? null : later(starts[step.of], step.after_minutes);
		if (moment === null) return [];
		// What would wake people waits, all of it: else a later step would pass over one that waits. Giving up wakes nobody.
		const dueAt = ladder.quiet_hours && step.do !== "expire" ? afterQuietHours(moment, ladder.quiet_hours) : moment;
		return dueAt >= deadlineAt ? [] : [{ index, step, dueAt }];
	});
	return left.toSorted((one, other) => one.dueAt.getTime() - other.dueAt.getTime())[0] ?? null;
};

/** All that will be done as long as nobody speaks, in order. */
export const stepsAhead = (clocks: Clocks): NextStep[] => {
	const next = nextStep(clocks);
	if (next === null) return [];
	return next.step.do === "expire" ? [next] : [next, ...stepsAhead({ ...clocks, ladderStep: next.index + 1 })];
};

const later = (moment: Date | null, minutes: number | null): Date | null =>
	moment === null || minutes === null ? null : new Date(moment.getTime() + minutes * minuteMs);
