import { expect, test } from "vitest";
import { answersNeeded, judge, type Respondent } from "./answer-policy.ts";

/** a: answered, d: declined, w: still asked, x: can't be reached. */
const respondents = (text: string): Respondent[] =>
	[...text].map((one) => ({ answered: one === "a", declined: one === "d", reachable: one !== "x" }));

test.each([
	["w", "open"],
	["dw", "open"],
	["xw", "open"],
	["a", "completed"],
	["dxa", "completed"],
	["dd", "rejected"],
	["dx", "rejected"],
	["xx", "failed"],
])("first: %s is %s", (text, verdict) => expect(judge({ kind: "first" }, respondents(text))).toBe(verdict));

test.each([
	["aw", "open"],
	["dw", "open"],
	["aa", "completed"],
	["ad", "completed"],
	["dd", "rejected"],
	["ax", "failed"],
	["xw", "failed"],
	["xx", "failed"],
	["dxw", "rejected"],
])("all: %s is %s", (text, verdict) => expect(judge({ kind: "all" }, respondents(text))).toBe(verdict));

test.each([
	["aww", "open"],
	["adw", "open"],
	["aaw", "completed"],
	["aad", "completed"],
	["add", "failed"],
	["axx", "failed"],
	["wxx", "failed"],
	["wdd", "rejected"],
])("quorum(2): %s is %s", (text, verdict) => expect(judge({ kind: "quorum", count: 2 }, respondents(text))).toBe(verdict));

test("needed are one, all, or the quorum", () => {
	expect([answersNeeded({ kind: "first" }, 5), answersNeeded({ kind: "all" }, 5), answersNeeded({ kind: "quorum", count: 3 }, 5)]).toEqual([
		1, 5, 3,
	]);
});
