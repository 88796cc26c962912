import { defaultLadder, type Ladder } from "@agentplanner/contracts";
import { expect, test } from "vitest";
import { draftOf, ladderOf, newStep, problemsOf, quietOf } from "./ladder-draft.ts";

const ladder: Ladder = {
	acknowledge_within_minutes: 30,
	progress_within_minutes: null,
	steps: [
		{ after_percent: 50, do: "nudge" },
		{ after_minutes: 5, of: "acknowledge", do: "next_agent" },
	],
};
const quiet_hours = { time_zone: "Europe/Vienna", from: "22:00", until: "07:00", weekends: false };

test("what is there comes back as it was", () => {
	for (const given of [
		{ ladder, quiet_hours },
		{ ladder: defaultLadder, quiet_hours: null },
	]) {
		const draft = draftOf(given);
		expect({ ladder: ladderOf(draft), quiet_hours: quietOf(draft) }).toEqual(given);
		expect(problemsOf(draft)).toEqual({});
	}
});

test("each thing that is wrong stands at its field", () => {
	const draft = draftOf({ ladder, quiet_hours });
	const [first, second] = draft.steps;
	const wrong = {
		...{ acknowledge: "", progress: "soon" },
		steps: [{ ...(first ?? newStep()), after: "100" }, second ?? newStep()],
		quiet: { ...draft.quiet, from: "07:00" },
	};
	expect(problemsOf(wrong)).toEqual({
		progress: "A whole number of minutes from 1 to 525600, or nothing.",
		[first?.key ?? ""]: "A whole number from 1 to 99.",
		until: "Must differ from the beginning.",
	});
	// What a step counts from has to be there.
	expect(problemsOf({ ...wrong, progress: "", steps: wrong.steps.slice(1) })[second?.key ?? ""]).toBe(
		"Say below how soon that is expected.",
	);
	expect(problemsOf({ ...wrong, quiet: { ...wrong.quiet, on: false } }).until).toBeUndefined();
});
