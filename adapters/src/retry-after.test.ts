import { expect, test } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

const now = new Date("2026-08-01T10:00:00Z");
const dayMs = 86_400_000;

test.each([
	["20", 20_000],
	[" 20 ", 20_000],
	["0", 0],
	["86401", dayMs],
	["315360000", dayMs],
	["9".repeat(400), dayMs],
	["Sat, 01 Aug 2026 10:01:00 GMT", 60_000],
	["Sat Aug  1 10:01:00 2026 GMT", 60_000],
	["Wed, 01 Aug 2036 10:00:00 GMT", dayMs],
	["Sat, 01 Aug 2026 09:59:00 GMT", null],
	["-1", null],
	["1.5", null],
	["x", null],
	["Soon, please", null],
	["", null],
	[undefined, null],
])("%j waits %j ms", (value, expected) => expect(retryAfterMs(value, now)).toBe(expected));
