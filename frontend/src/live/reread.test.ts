import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { createReread } from "./reread.ts";

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

/** Reads that take as long as is said, and how many began. */
const start = (readMs: number) => {
	const reads = { begun: 0, good: true };
	const reread = createReread(async () => {
		reads.begun += 1;
		await new Promise((resolve) => setTimeout(resolve, readMs));
		return reads.good;
	});
	onTestFinished(reread.stop);
	return { reads, reread };
};

test("a burst is read once", async () => {
	const { reads, reread } = start(10);
	for (let change = 0; change < 5; change += 1) reread.soon();
	await vi.advanceTimersByTimeAsync(60_000);
	expect(reads.begun).toBe(1);
});

test("changes that come faster than reads wait for them to end, and are read then", async () => {
	const { reads, reread } = start(3_000);
	reread.soon();
	await vi.advanceTimersByTimeAsync(1_500);
	reread.soon();
	await vi.advanceTimersByTimeAsync(1_500);
	reread.soon();
	expect(reads.begun).toBe(1);
	await vi.advanceTimersByTimeAsync(60_000);
	expect(reads.begun).toBe(2);
});

test("what failed is read again until it is read, or nobody wants it any more", async () => {
	const { reads, reread } = start(10);
	reads.good = false;
	reread.soon();
	await vi.advanceTimersByTimeAsync(25_000);
	expect(reads.begun).toBe(3);
	reads.good = true;
	await vi.advanceTimersByTimeAsync(60_000);
	expect(reads.begun).toBe(4);
	reread.soon();
	reread.stop();
	await vi.advanceTimersByTimeAsync(60_000);
	expect(reads.begun).toBe(4);
});
