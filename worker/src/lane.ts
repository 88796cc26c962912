/*
 * One integration, as seen by this worker: how many deliveries are under way there, how quickly it makes room, and how many of the
 * attempts of the last minute failed.
 */

/** Room that is expected within this time is worth waiting for: to be turned away costs as much as to be sent. */
export const patienceMs = 500;

/** Attempts are counted by tens of seconds. */
const slotMs = 10_000;
const slotsOfAMinute = 6;
/** Fewer attempts in a minute say nothing about how many of them fail. */
const manyAttempts = 20;

export type Attempt = { failed: boolean; startsAnew: boolean };

export type Lane = {
	readonly projectId: string;
	readonly integrationId: string;
	limit: number;
	underWay: number;
	/** How many were given a turn by this worker, or are being given one, and haven't come yet. */
	expected: number;
	/** Takes one place; what it answers with leaves it, once. */
	take(): () => void;
	/** Whether one more may expect room soon, behind so many who wait already. */
	hasRoomSoon(ahead: number): boolean;
	/** Counts how an attempt ended; whether at least half of the last minute's attempts failed, and they were many. */
	tally(attempt: Attempt): boolean;
};

export const createLane = (projectId: string, integrationId: string, limit: number): Lane => {
	/** How long places have been taken lately; null before the first was left. */
	let usualMs: number | null = null;
	let movedAt = 0;
	let recent: { slot: number; attempts: number; failures: number }[] = [];

	const lane: Lane = {
		projectId,
		integrationId,
		limit,
		underWay: 0,
		expected: 0,
		take: () => {
			const since = performance.now();
			movedAt = since;
			lane.underWay += 1;
			let left = false;
			return () => {
				if (left) return;
				left = true;
				lane.underWay -= 1;
				movedAt = performance.now();
				const tookMs = movedAt - since;
				usualMs = usualMs === null ? tookMs : 0.8 * usualMs + 0.2 * tookMs;
			};
		},
		hasRoomSoon: (ahead) =>
			usualMs !== null && performance.now() - movedAt < patienceMs && ((ahead + 1) * usualMs) / lane.limit < patienceMs,
		tally: ({ failed, startsAnew }) => {
			const slot = Math.floor(performance.now() / slotMs);
			const kept = startsAnew ? [] : recent.filter((one) => one.slot > slot - slotsOfAMinute);
			const last = kept.find((one) => one.slot === slot) ?? { slot, attempts: 0, failures: 0 };
			recent = [...kept.filter((one) => one !== last), { slot, attempts: last.attempts + 1, failures: last.failures + Number(failed) }];
			const sum = (part: "attempts" | "failures") => recent.reduce((total, one) => total + one[part], 0);
			return sum("attempts") >= manyAttempts && 2 * sum("failures") >= sum("attempts");
		},
	};
	return lane;
};
