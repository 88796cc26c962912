import { expect, test } from "vitest";
import { nextWaitMs, retryScheduleMs, throttleMs, unavailableMs } from "./schedule.ts";

test("waits grow over about three days and end", () => {
	const total = retryScheduleMs.reduce((sum, wait) => sum + wait, 0);
	expect(total / 86_400_000).toBeGreaterThan(2.5);
	expect(total / 86_400_000).toBeLessThan(3.5);
	expect([...retryScheduleMs].toSorted((one, other) => one - other)).toEqual(retryScheduleMs);
	expect(nextWaitMs(retryScheduleMs.length)).toBeNull();
});

test("a wait is drawn from a fifth below to a fifth above, from the 6th on from half to one and a half, so three days stay three days", () => {
	expect([0, 0.5, 0.999999].map((random) => nextWaitMs(0, { random }))).toEqual([4_000, 5_000, 6_000]);
	expect([0, 0.5, 0.999999].map((random) => nextWaitMs(5, { random }))).toEqual([3_600_000, 7_200_000, 10_799_993]);
	const drawn = new Set(Array.from({ length: 20 }, () => nextWaitMs(5)));
	expect(drawn.size).toBeGreaterThan(10);
});

test("an integration's own schedule replaces the built-in one", () => {
	const waitsMs = [2_000, 4_000];
	expect([0, 1, 2].map((step) => nextWaitMs(step, { waitsMs, random: 0.5 }))).toEqual([2_000, 4_000, null]);
});

test.each([0, 5])("what failed in one second comes back spread out (wait %i): at its peak three times the mean at most", (step) => {
	const waits = Array.from({ length: 1_000 }, () => nextWaitMs(step) ?? 0);
	const scheduled = retryScheduleMs[step] ?? 0;
	const [first, span] = step === 0 ? [0.8 * scheduled, 0.4 * scheduled] : [0.5 * scheduled, scheduled];
	const buckets = Array.from({ length: 20 }, () => 0);
	for (const wait of waits) {
		const bucket = Math.min(19, Math.floor(((wait - first) / span) * 20));
		buckets[bucket] = (buckets[bucket] ?? 0) + 1;
	}
	expect(Math.max(...buckets)).toBeLessThanOrEqual(3 * (1_000 / 20));
});

test("patience that is asked for is kept within bounds", () => {
	expect([throttleMs(null), throttleMs(5_000), throttleMs(0), throttleMs(-3), throttleMs(1e300)]).toEqual([
		60_000, 5_000, 1_000, 1_000, 86_400_000,
	]);
	expect([unavailableMs(5_000, null), unavailableMs(5_000, 1_000), unavailableMs(5_000, 9_000), unavailableMs(5_000, 1e300)]).toEqual([
		5_000, 5_000, 9_000, 86_400_000,
	]);
});
