import { QuietHours } from "@agentplanner/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { afterQuietHours } from "./quiet-hours.ts";

const quiet = (given: Partial<QuietHours> = {}): QuietHours => ({
	...{ time_zone: "Europe/Vienna", from: "22:00", until: "07:00", weekends: false },
	...given,
});
const end = (moment: string, given?: Partial<QuietHours>) => afterQuietHours(new Date(moment), quiet(given)).toISOString().slice(0, 16);

describe("afterQuietHours", () => {
	test.each([
		["by day nothing waits", "2026-03-04T12:00Z", "2026-03-04T12:00"],
		["the first minute waits", "2026-03-04T21:00Z", "2026-03-05T06:00"],
		["after midnight, too", "2026-03-05T02:30Z", "2026-03-05T06:00"],
		["the end is no part of them", "2026-03-05T06:00Z", "2026-03-05T06:00"],
		["a Friday night ends on Saturday", "2026-03-06T23:00Z", "2026-03-07T06:00"],
	])("over midnight: %s", (_, moment, expected) => expect(end(moment)).toBe(expected));

	test.each([
		["inside of a day", "2026-03-04T11:30Z", "2026-03-04T12:30"],
		["before", "2026-03-04T10:59Z", "2026-03-04T10:59"],
		["after", "2026-03-04T12:30Z", "2026-03-04T12:30"],
	])("at noon: %s", (_, moment, expected) => expect(end(moment, { from: "12:00", until: "13:30" })).toBe(expected));

	test("a quiet weekend lasts from Friday night to Monday morning", () => {
		expect(end("2026-03-06T21:30Z", { weekends: true })).toBe("2026-03-09T06:00");
		expect(end("2026-03-07T12:00Z", { weekends: true })).toBe("2026-03-09T06:00");
		// Without a night before it, it is over at midnight.
		expect(end("2026-03-08T12:00Z", { weekends: true, from: "12:00", until: "13:00" })).toBe("2026-03-08T23:00");
	});

	test.each([
		// Vienna, 29 March 2026: from 02:00 to 03:00 at once.
		["the night that an hour shorter ends at seven", "2026-03-28T22:00Z", {}, "2026-03-29T05:00"],
		["an end that the clocks leave out is over right after", "2026-03-28T23:00Z", { until: "02:30" }, "2026-03-29T01:30"],
		// Vienna, 25 October 2026: from 03:00 back to 02:00.
		["the night that is an hour longer ends at seven", "2026-10-24T21:00Z", {}, "2026-10-25T06:00"],
		["an end that comes twice is the second one", "2026-10-24T23:00Z", { until: "02:30" }, "2026-10-25T01:30"],
		["also from between the two", "2026-10-25T01:10Z", { until: "02:30" }, "2026-10-25T01:30"],
		// São Paulo, 4 November 2018: no midnight.
		[
			"a day that begins at one",
			"2018-11-04T01:00Z",
			{ time_zone: "America/Sao_Paulo", from: "21:00", until: "00:00" },
			"2018-11-04T03:00",
		],
	] as const)("when clocks change: %s", (_, moment, given, expected) => expect(end(moment, given)).toBe(expected));

	test("is never before the moment, never quiet itself, and never more than three and a half days later", () => {
		const clock = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })).map((parts) => parts.map(two).join(":"));
		const zones = ["Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "America/St_Johns"];
		const moments = fc.date({ min: new Date("2024-01-01"), max: new Date("2028-01-01"), noInvalidDate: true });
		const hours = fc
			.record({ time_zone: fc.constantFrom(...zones), from: clock, until: clock, weekends: fc.boolean() })
			.filter(({ from, until }) => from !== until);
		fc.assert(
			fc.property(moments, hours, (moment, given) => {
				const over = afterQuietHours(moment, given);
				expect(over.getTime()).toBeGreaterThanOrEqual(moment.getTime());
				expect(over.getTime() - moment.getTime()).toBeLessThanOrEqual(3.5 * 86_400_000);
				expect(isQuiet(over, given)).toBe(false);
				if (!isQuiet(moment, given)) expect(over).toEqual(moment);
			}),
			{ numRuns: 400 },
		);
	});
});

const two = (value: number) => String(value).padStart(2, "0");

/** Said in another way: by what a clock on the wall there shows. */
const isQuiet = (moment: Date, { time_zone, from, until, weekends }: QuietHours): boolean => {
	const parts = new Intl.DateTimeFormat("en-GB", {
		timeZone: time_zone,
		weekday: "short",
		hour: "2-digit",
		minute: "2-digit",
		hourCycle: "h23",
	});
	const shown = Object.fromEntries(parts.formatToParts(moment).map(({ type, value }) => [type, value]));
	const clock = `${shown.hour}:${shown.minute}`;
	if (weekends && (shown.weekday === "Sat" || shown.weekday === "Sun")) return true;
	return from < until ? clock >= from && clock < until : clock >= from || clock < until;
};

test.each([
	[{ time_zone: "Mars/Olympus" }, "time_zone"],
	[{ time_zone: "+01:00" }, "time_zone"],
	[{ from: "24:00" }, "from"],
	[{ from: "07:00" }, "until"],
])("QuietHours refuses %o", (given, field) => {
	expect(QuietHours.safeParse(quiet(given)).error?.issues[0]?.path).toEqual([field]);
});
