import type { FrozenLadder, LadderStep } from "@agentplanner/contracts";
import { describe, expect, test } from "vitest";
import { freezeLadder, nextStep, stepsAhead, stepsOf } from "./ladder.ts";

const start = new Date("2026-03-02T10:00:00Z");
const minute = (minutes: number) => new Date(start.getTime() + minutes * 60_000);
const within = { acknowledge_within_minutes: null, progress_within_minutes: null };

test("a ladder without steps is none", () => expect(freezeLadder({ ...within, steps: [] }, null)).toBeNull());

test.each([
	[7 * 24 * 60, [5_040, 8_064]],
	[60, [30, 48]],
	// Nobody is reminded within two minutes.
	[3, [2, 2]],
])("stepsOf takes shares of the %i minutes to the deadline", (minutes, expected) => {
	const steps = [
		{ after_percent: 50, do: "nudge" as const },
		{ after_percent: 80, do: "escalate" as const },
	];
	const inMinutes = stepsOf({ ...within, steps }, start, minute(minutes));
	expect(inMinutes.map(({ after_minutes }) => after_minutes)).toEqual(expected);
	expect(inMinutes.map(({ of }) => of)).toEqual(["dispatch", "dispatch"]);
});

describe("nextStep", () => {
	const step = (of: LadderStep["of"], after_minutes: number): LadderStep => ({ of, after_minutes, do: "nudge" });
	const next = (
		ladder: Partial<FrozenLadder>,
		clocks: Partial<Pick<Parameters<typeof nextStep>[0], "status" | "ladderStep" | "workedAt" | "deadlineAt">> = {},
	) => {
		const found = nextStep({
			...{
				status: "dispatched",
				ladder: { ...within, steps: [], ...ladder },
				ladderStep: 0,
				ladderFrom: start,
				workedAt: null,
				deadlineAt: minute(1_000),
			},
			...clocks,
		});
		return found && [found.index, (found.dueAt.getTime() - start.getTime()) / 60_000];
	};
	const acknowledged = { acknowledge_within_minutes: 30, steps: [step("acknowledge", 5)] };
	const progressed = { progress_within_minutes: 30, steps: [step("progress", 5)] };

	test("is the first that is due, whatever its place; those before it are passed over", () => {
		const steps = [step("dispatch", 20), step("dispatch", 10), step("dispatch", 20)];
		expect(next({ steps })).toEqual([1, 10]);
		expect(next({ steps }, { ladderStep: 2 })).toEqual([2, 20]);
		expect(next({ steps }, { ladderStep: 3 })).toBeNull();
	});

	test("counts from when the acknowledgement was due, until there is one", () => {
		expect(next(acknowledged)).toEqual([0, 35]);
		expect(next(acknowledged, { workedAt: minute(1) })).toBeNull();
	});

	test("counts from when the next word was due, again after each", () => {
		expect(next(progressed)).toEqual([0, 35]);
		expect(next(progressed, { workedAt: minute(20) })).toEqual([0, 55]);
		// Who waits for a person can't get on.
		expect(next(progressed, { status: "input_required", workedAt: minute(20) })).toBeNull();
	});

	test("is none from the deadline on, and none before the request went out", () => {
		expect(next({ steps: [step("dispatch", 10)] }, { deadlineAt: minute(10) })).toBeNull();
		expect(
			nextStep({
				status: "queued",
				ladder: { ...within, steps: [step("dispatch", 1)] },
				ladderStep: 0,
				ladderFrom: null,
				workedAt: null,
				deadlineAt: minute(9),
			}),
		).toBeNull();
	});
});

describe("in quiet hours", () => {
	// The clocks begin at 11:00 in Vienna.
	const quiet_hours = { time_zone: "Europe/Vienna", from: "12:00", until: "14:00", weekends: false };
	const ahead = (steps: FrozenLadder["steps"], deadlineAt = minute(1_000)) =>
		stepsAhead({
			...{ status: "dispatched", ladder: { ...within, steps, quiet_hours }, ladderStep: 0, ladderFrom: start, workedAt: null },
			deadlineAt,
		}).map(({ step, dueAt }) => [step.do, (dueAt.getTime() - start.getTime()) / 60_000]);

	test("every step waits for their end, in order, but giving up", () => {
		const at = (after_minutes: number, what: LadderStep["do"]): LadderStep => ({ after_minutes, of: "dispatch", do: what });
		expect(ahead([at(61, "nudge"), at(62, "escalate")])).toEqual([
			["nudge", 180],
			["escalate", 180],
		]);
		// None is passed over since another comes to be due.
		expect(ahead([at(61, "escalate"), at(62, "next_agent"), at(200, "nudge"), at(300, "expire")])).toEqual([
			["escalate", 180],
			["next_agent", 180],
			["nudge", 200],
			["expire", 300],
		]);
		expect(ahead([at(61, "nudge"), at(62, "expire")])).toEqual([["expire", 62]]);
		// The deadline doesn't wait.
		expect(ahead([at(61, "nudge")], minute(120))).toEqual([]);
	});
});
