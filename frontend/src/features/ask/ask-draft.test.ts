import { describe, expect, it } from "vitest";
import { type AskDraft, deadlineOf, deadlineProblem } from "./ask-draft.ts";

const now = Date.parse("2026-11-21T12:00:00Z");
const buildDraft = (deadline: AskDraft["deadline"]): AskDraft => ({
	key: "k",
	question: "?",
	to: "default",
	agentIds: null,
	integrationId: null,
	address: "",
	policy: "first",
	quorum: 2,
	deadline,
});

describe("deadline of a question", () => {
	it("is the server's default only when that was chosen", () => {
		expect(deadlineOf(buildDraft(null), now)).toBeUndefined();
		expect(deadlineProblem(buildDraft(null), now)).toBeNull();
	});

	it("counts hours from the moment of asking", () => {
		expect(deadlineOf(buildDraft({ hours: 4 }), now)).toBe("2026-11-21T16:00:00.000Z");
	});

	it("is refused while another time is empty, half typed, past or out of range", () => {
		for (const at of ["", "2026-11-2", "2026-11-20T12:00", "202612-01-01T12:00", "9999-01-01T12:00"])
			expect(deadlineProblem(buildDraft({ at }), now), at).not.toBeNull();
	});

	it("is the moment that was typed", () => {
		const draft = buildDraft({ at: "2026-12-24T18:30" });
		expect(deadlineProblem(draft, now)).toBeNull();
		expect(deadlineOf(draft, now)).toBe(new Date("2026-12-24T18:30").toISOString());
	});
});
