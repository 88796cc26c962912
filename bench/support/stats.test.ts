import { describe, expect, test } from "vitest";
import { median, percentile, ratioOf } from "./stats.ts";

describe("the median", () => {
	test("is the middle value, whatever the order", () => expect(median([9, 1, 5])).toBe(5));
	test("lies between the two in the middle", () => expect(median([10, 1, 2, 4])).toBe(3));
	test("sorts numbers, not words", () => expect(median([100, 9, 20])).toBe(20));
	test("of nothing is no number", () => expect(median([])).toBeNaN());
});

describe("a percentile", () => {
	const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
	test.each([
		[50, 50],
		[95, 95],
		[99, 99],
		[100, 100],
	])("%i of 1 to 100 is %i", (percent, value) => expect(percentile(hundred, percent)).toBe(value));
	test("of few values is one of them", () => expect(percentile([3, 1, 2], 95)).toBe(3));
	test("of one value is that", () => expect(percentile([7], 1)).toBe(7));
	test("of nothing is no number", () => expect(percentile([], 95)).toBeNaN());
});

describe("a ratio", () => {
	test("is taken pair by pair, so that a slow minute of both sides doesn't count", () =>
		expect(ratioOf({ ours: [20, 200, 24], bare: [10, 100, 8] })).toEqual({ median: 2, least: 2, most: 3 }));
	test("needs as many runs of either side", () => expect(() => ratioOf({ ours: [1, 2], bare: [1] })).toThrow("paired"));
});
