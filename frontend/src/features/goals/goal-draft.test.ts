import type { Goal } from "@agentplanner/contracts";
import { expect, test } from "vitest";
import { changesBetween, draftOf, emptyCriterion, emptyDraft, fieldsOf, typedMeanwhile } from "./goal-draft.ts";

const goal = {
	title: "Fewer calls",
	description: "",
	parent_id: null,
	owner_user_id: null,
	target_date: "2027-03-01",
	criteria: [{ title: "Calls", unit: "", start: 40, target: 10, current: 31, percent: 30 }],
} as unknown as Goal;

test("only what was changed is sent, and criteria as a whole list", () => {
	const draft = draftOf(goal);
	expect(changesBetween(draft, draftOf(goal))).toEqual({});
	expect(changesBetween(draft, { ...draft, target_date: "" })).toEqual({ target_date: null });
	const [calls] = draft.criteria;
	if (calls === undefined) throw new Error("The criterion is lost.");
	expect(changesBetween(draft, { ...draft, title: "Less", criteria: [{ ...calls, current: "12.5" }] })).toEqual({
		title: "Less",
		criteria: [{ title: "Calls", unit: "", start: 40, target: 10, current: 12.5 }],
	});
});

test("a new goal is sent with numbers for what was typed", () => {
	const draft = { ...emptyDraft("above"), title: "Sell", criteria: [{ ...emptyCriterion("a"), title: "Sold", target: "100" }] };
	expect(fieldsOf(draft)).toEqual({
		title: "Sell",
		description: "",
		parent_id: "above",
		owner_user_id: null,
		target_date: null,
		criteria: [{ title: "Sold", unit: "", start: 0, target: 100, current: 0 }],
	});
});

test("what was typed while a draft was being saved is an edit of what was saved", () => {
	const sent = draftOf(goal);
	const saved = { ...goal, version: 7, title: "As saved" };
	expect(typedMeanwhile(saved, sent, { ...sent })).toBeNull();
	const edit = typedMeanwhile(saved, sent, { ...sent, description: "More" });
	expect(edit).toMatchObject({
		version: 7,
		base: { title: "As saved", description: "" },
		draft: { title: "As saved", description: "More" },
	});
	expect(edit && changesBetween(edit.base, edit.draft)).toEqual({ description: "More" });
});
