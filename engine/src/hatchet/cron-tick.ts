import { isInMinute } from "../cron-line.ts";

/** Clocks differ: a tick may come that much before its minute. */
const earlyMs = 10_000;
const minuteMs = 60_000;
const longestSearch = (7 * 24 * 60 * 60_000) / minuteMs;

/** The minute of the crontab line that a run started around `at` belongs to: the last one that has begun, or is about to. */
export const cronTick = (cron: string, at: Date): Date => {
	const last = Math.floor((at.getTime() + earlyMs) / minuteMs) * minuteMs;
	for (let minutes = 0; minutes < longestSearch; minutes += 1) {
		const candidate = new Date(last - minutes * minuteMs);
		if (isInMinute(cron, candidate)) return candidate;
	}
	return new Date(last);
};
