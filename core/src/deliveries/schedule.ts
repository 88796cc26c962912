import { defaultSchedule } from "@agentplanner/contracts";

/** Waits before the next attempt, in ms, after the 1st, 2nd, … failure: about three days in all. */
export const retryScheduleMs: readonly number[] = defaultSchedule.map((seconds) => seconds * 1_000);

/**
 * Share of each wait that is drawn by chance, so that what failed together doesn't come back together: a fifth either way, and from
 * the 6th wait on a half, so that it is drawn from a range as wide as the wait itself. On average a wait is what the schedule says.
 */
const jitterOf = (step: number): number => (step < 5 ? 0.2 : 0.5);

/** A platform that asks for more patience than this is asked again all the same. */
const longestRetryAfterMs = 86_400_000;
const usualThrottleMs = 60_000;
/** "Again at once" is no answer to being too fast. */
const shortestThrottleMs = 1_000;

type Options = { waitsMs?: readonly number[] /** In [0, 1). */; random?: number };

/** Wait after the failure number `step` (0 for the first), in ms; null when the schedule is at its end. */
export const nextWaitMs = (step: number, { waitsMs = retryScheduleMs, random = Math.random() }: Options = {}): number | null => {
	const wait = waitsMs[step];
	return wait === undefined ? null : Math.round(wait * (1 + jitterOf(step) * (2 * random - 1)));
};

/** What the schedule ends with. */
export const lastWaitMs = retryScheduleMs[retryScheduleMs.length - 1] ?? 0;

/** How long a rate-limited integration rests: what it asked for, between a second and a day; a minute if it didn't say. */
export const throttleMs = (retryAfterMs: number | null): number =>
	Math.min(Math.max(retryAfterMs ?? usualThrottleMs, shortestThrottleMs), longestRetryAfterMs);

/**
 * How long a delivery waits that was throttled, the last `before` times in a row: what the platform asked for, and from the second
 * time on at least the schedule's wait. A platform that says "at once" for ever is asked ever more slowly.
 */
export const throttledAgainMs = (retryAfterMs: number | null, before: number): number =>
	Math.max(throttleMs(retryAfterMs), before === 0 ? 0 : (nextWaitMs(before - 1) ?? lastWaitMs));

/** The wait of the schedule, or what the platform asked for if that is longer; at most a day of it. */
export const unavailableMs = (scheduledMs: number, retryAfterMs: number | null): number =>
	Math.max(scheduledMs, Math.min(retryAfterMs ?? 0, longestRetryAfterMs));
