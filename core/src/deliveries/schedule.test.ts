import { expect, test } from "vitest";
import { nextWaitMs, retryScheduleMs, throttleMs, unavailableMs } from "./schedule.ts";

test("waits grow over about three days and end", () => {
	const total = retryScheduleMs.reduce((sum, wait) => sum + wait, 0);
	expect(total / 86_400_000).toBeGreaterThan(2.5);
	expect(total / 86_400_000).toBeLessThan(3.5);
	expect([...retryScheduleMs].toSorted((one, other) => one - other)).toEqual(retryScheduleMs);
	expect(nextWaitMs(retryScheduleMs.length)).toBeNull();
});

test("a wait is drawn from a fifth below to a fifth above", () => {
	expect([0, 0.5, 0.999999].map((random) => nextWaitMs(0, random))).toEqual([4_000, 5_000, 6_000]);
	const drawn = new Set(Array.from({ length: 20 }, () => nextWaitMs(5)));
	expect(drawn.size).toBeGreaterThan(10);
});

test("patience that is asked for is kept within bounds", () => {
	expect([throttleMs(null), throttleMs(5_000), throttleMs(0), throttleMs(-3), throttleMs(1e300)]).toEqual([
		60_000, 5_000, 1_000, 1_000, 86_400_000,
	]);
	expect([unavailableMs(5_000, null), unavailableMs(5_000, 1_000), unavailableMs(5_000, 9_000), unavailableMs(5_000, 1e300)]).toEqual([
		5_000, 5_000, 9_000, 86_400_000,
	]);
});
