import { describe, expect, it } from "vitest";
import { reconnectDelayMs } from "./reconnecting-socket.ts";

describe("reconnect delay", () => {
	it("doubles up to 15 seconds", () => {
		expect([0, 1, 2, 3, 4, 5, 20].map((attempt) => reconnectDelayMs(attempt, () => 1))).toEqual([
			500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000,
		]);
	});

	it("is spread over the upper half, so that tabs don't come in step", () => {
		expect(reconnectDelayMs(2, () => 0)).toBe(1_000);
		expect(reconnectDelayMs(2, () => 0.5)).toBe(1_500);
	});
});
