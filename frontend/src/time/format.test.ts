import { describe, expect, it } from "vitest";
import { formatCountdown, formatDuration, formatElapsed, formatRelative, readDateInput, toDateInput } from "./format.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe("format", () => {
	it("shows elapsed time that can be watched ticking", () => {
		expect([0, 7_900, 12 * minute + 4_000, 3 * hour + 7 * minute + 9_000, 2 * day + 4 * hour].map(formatElapsed)).toEqual([
			"0:00",
			"0:07",
			"12:04",
			"3:07:09",
			"2d 4h",
		]);
	});

	it("never shows a negative time when clocks differ", () => {
		expect(formatElapsed(-1_500)).toBe("0:00");
		expect(formatCountdown(-1)).toBe("now");
	});

	it("shows measured durations in the unit that fits", () => {
		expect([84.4, 1_290, 59_999, 3 * minute + 5_000].map(formatDuration)).toEqual(["84 ms", "1.2 s", "59.9 s", "3 min 5 s"]);
	});

	it("shows distances both ways", () => {
		const now = Date.parse("2026-11-21T12:00:00Z");
		expect(formatRelative(now - 3_000, now)).toBe("just now");
		expect(formatRelative(now - 4 * minute, now)).toBe("4 min ago");
		expect(formatRelative(now + 3 * hour, now)).toBe("in 3 h");
		expect(formatRelative(now + 7 * day, now)).toBe("in 7 days");
	});

	it("counts down without ever skipping to now too early", () => {
		expect([400, 8_000, 4 * minute + 10_000, 2 * hour + 5 * minute, 3 * day + 4 * hour].map(formatCountdown)).toEqual([
			"1 s",
			"8 s",
			"4 min 10 s",
			"2 h 5 min",
			"3 d 4 h",
		]);
	});

	it("keeps a due day the same day where the reader lives", () => {
		for (const day of ["2026-11-30", "1970-01-01", "9998-12-31"]) {
			const due = readDateInput(day, false);
			expect("at" in due && due.at !== null && toDateInput(due.at)).toBe(day);
		}
		expect(readDateInput("", false)).toEqual({ at: null });
	});

	it("never takes a half-typed day for none, nor a mistyped year for a day", () => {
		expect(readDateInput("", true)).toHaveProperty("problem");
		for (const typed of ["202612-01-01", "0026-01-01", "9999-01-01"]) expect(readDateInput(typed, false)).toHaveProperty("problem");
	});
});
