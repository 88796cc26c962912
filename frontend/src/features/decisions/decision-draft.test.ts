import { CreateDecisionInput } from "@agentplanner/contracts";
import { describe, expect, it } from "vitest";
import {
	type DecisionDraft,
	deadlineProblem,
	emptyDraft,
	inputOf,
	notifyProblem,
	offeredOptions,
	optionsOf,
	optionsProblem,
	toMember,
} from "./decision-draft.ts";

const now = Date.parse("2026-03-01T10:00:00Z");
const nodeId = "019b2c5e-7d1a-7c43-9a57-2f7f8e0f6b11";

describe("own options", () => {
	it("are lines, each with an id of its own", () => {
		expect(optionsOf(" Ship now \n\nShip later!\nShip now?\n日本\n中国")).toEqual([
			{ id: "ship-now", label: "Ship now" },
			{ id: "ship-later", label: "Ship later!" },
			{ id: "ship-now-2", label: "Ship now?" },
			{ id: "option", label: "日本" },
			{ id: "option-2", label: "中国" },
		]);
		expect(optionsProblem({ ...emptyDraft, choice: "own", ownOptions: "One" })).not.toBeNull();
	});

	it("have “Needs changes” among them, once, unless it is left out; no more than ten", () => {
		const own = { ...emptyDraft, choice: "own", ownOptions: "A\nB" } as const;
		const ids = (draft: DecisionDraft) => offeredOptions(draft).map(({ id }) => id);
		expect(ids(own)).toEqual(["a", "b", "revise"]);
		expect(ids({ ...own, withRevise: false })).toEqual(["a", "b"]);
		expect(ids({ ...own, ownOptions: "A\nRevise" })).toEqual(["a", "revise"]);
		const ten = Array.from({ length: 10 }, (_, number) => `O${number}`).join("\n");
		expect(optionsProblem({ ...own, ownOptions: ten, withRevise: false })).toBeNull();
		expect(optionsProblem({ ...own, ownOptions: ten })).not.toBeNull();
	});

	it("can be recommended, as long as they are offered", () => {
		const draft = {
			...emptyDraft,
			question: "?",
			choice: "own",
			ownOptions: "A\nB",
			recommended: "b",
			recommendedWhy: "Cheaper.",
		} as const;
		expect(CreateDecisionInput.parse(inputOf(draft, nodeId, now)).recommendation).toEqual({ option_id: "b", reason: "Cheaper." });
		expect(inputOf({ ...draft, ownOptions: "A\nC" }, nodeId, now).recommendation).toBeNull();
	});

	it("can't be ended by a rule that names none of them", () => {
		const draft = { ...emptyDraft, question: "?", choice: "own", ownOptions: "A\nB", deadline: { hours: 1 }, onExpiry: "reject" } as const;
		expect(inputOf(draft, nodeId, now)).toMatchObject({ on_expiry: "wait", expires_at: "2026-03-01T11:00:00.000Z" });
	});
});

it("a draft becomes what the server takes", () => {
	const draft = { ...emptyDraft, question: "Publish?", deadline: { hours: 24 }, onExpiry: "reject" } as const;
	expect(CreateDecisionInput.parse(inputOf(draft, nodeId, now))).toMatchObject({
		options: [{ id: "approve" }, { id: "reject" }, { id: "revise" }],
		...{ urgency: "can_continue", recommendation: null },
		on_expiry: "reject",
		expires_at: "2026-03-02T10:00:00.000Z",
	});
	expect(inputOf({ ...draft, deadline: null }, nodeId, now)).not.toHaveProperty("expires_at");
});

it("who is told is left to the routes, or chosen: channels with an address, and members", () => {
	const line = { key: "1", to: null, address: "" };
	const draft = {
		...emptyDraft,
		question: "?",
		notify: [
			{ ...line, to: nodeId, address: "C1" },
			{ ...line, to: toMember(nodeId) },
		],
	};
	expect(CreateDecisionInput.parse(inputOf(draft, nodeId, now)).notify).toEqual([
		{ integration_id: nodeId, address: "C1" },
		{ user_id: nodeId },
	]);
	expect(inputOf(emptyDraft, nodeId, now).notify).toEqual([]);
	expect([draft, emptyDraft].map(notifyProblem)).toEqual([null, null]);
	for (const notify of [[], [line]]) expect(notifyProblem({ ...emptyDraft, notify })).not.toBeNull();
});

it("what is for information waits for no more people", () => {
	const draft = { ...emptyDraft, question: "?", urgency: "informational", deadline: { hours: 1 }, onExpiry: "escalate" } as const;
	expect(CreateDecisionInput.parse(inputOf(draft, nodeId, now))).toMatchObject({ urgency: "informational", on_expiry: "wait" });
});

it("a deadline is a moment ahead", () => {
	expect(deadlineProblem({ ...emptyDraft, deadline: { at: "" } }, now)).toBe("Choose a date and a time");
	expect(deadlineProblem({ ...emptyDraft, deadline: { at: "2026-01-01T00:00" } }, now)).toBe("Choose a moment that is still ahead");
	expect(deadlineProblem(emptyDraft, now)).toBeNull();
});
