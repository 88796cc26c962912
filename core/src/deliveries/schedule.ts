/** Waits before the next attempt, in ms, after the 1st, 2nd, … failure: about three days in all. */
export const retryScheduleMs = [
	5_000, 30_000, 120_000, 600_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 50_400_000, 72_000_000, 86_400_000,
] as const;

/** Share of each wait that is drawn by chance, so that what failed together doesn't come back together. */
const jitter = 0.2;

/** A platform that asks for more patience than this is asked again all the same. */
const longestRetryAfterMs = 86_400_000;
const usualThrottleMs = 60_000;
/** "Again at once" is no answer to being too fast. */
const shortestThrottleMs = 1_000;

/** Wait after the failure number `step` (0 for the first), in ms; null when the schedule is at its end. `random` is in [0, 1). */
export const nextWaitMs = (step: number, random: number = Math.random()): number | null => {
	const wait = retryScheduleMs[step];
	return wait === undefined ? null : Math.round(wait * (1 - jitter + 2 * jitter * random));
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
