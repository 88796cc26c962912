import type { Decision } from "@agentplanner/contracts";
import { describe, expect, it } from "vitest";
import { decisionLook, describeEnd, describeRule } from "./decision-look.ts";

const decision = (overrides: Partial<Decision> = {}) =>
	({
		status: "pending",
		options: [
			{ id: "approve", label: "Publish" },
			{ id: "reject", label: "Not yet" },
		],
		recommendation: null,
		urgency: "can_continue",
		on_expiry: "wait",
		expires_at: null,
		lapsed_at: null,
		option_id: null,
		closed_by: null,
		closed_via: null,
		...overrides,
	}) as Decision;

describe("a decision", () => {
	it("bears the name of what was chosen, in its colour", () => {
		expect(decisionLook(decision())).toMatchObject({ label: "Needs a decision", tone: "orange" });
		expect(decisionLook(decision({ lapsed_at: "2026-01-01T00:00:00Z" }))).toMatchObject({ label: "Overdue" });
		expect(decisionLook(decision({ status: "decided", option_id: "approve" }))).toMatchObject({ label: "Publish", tone: "green" });
		expect(decisionLook(decision({ status: "decided", option_id: "reject" }))).toMatchObject({ label: "Not yet", tone: "red" });
		expect(decisionLook(decision({ status: "expired", option_id: "reject" }))).toMatchObject({ label: "Expired: Not yet" });
	});

	it("that is for information needs nobody, and ends by itself", () => {
		const informational = decision({ urgency: "informational", expires_at: "2026-01-01T00:00:00Z" });
		expect(decisionLook(informational)).toMatchObject({ label: "For information", tone: "blue" });
		expect(describeRule(informational)).toBe("then it ends by itself");
		expect(decisionLook({ ...informational, status: "expired" })).toMatchObject({ label: "Ended", tone: "gray" });
		expect(describeEnd({ ...informational, status: "expired" }, String)).toBe("Nobody had to decide, and its deadline has passed");
	});

	it("says who decided, and where", () => {
		const label = (adapter: string) => (adapter === "chat" ? "Team chat" : adapter);
		const decided = { status: "decided", option_id: "approve", closed_by: "Ada" } as const;
		expect(describeEnd(decision({ ...decided, closed_via: "web" }), label)).toBe("Decided by Ada via the web");
		expect(describeEnd(decision({ ...decided, closed_via: "chat" }), label)).toBe("Decided by Ada via Team chat");
		expect(describeEnd(decision(), label)).toBeNull();
	});

	it("says what its deadline does", () => {
		const expires_at = "2026-01-01T00:00:00Z";
		expect(describeRule(decision())).toBeNull();
		expect(describeRule(decision({ expires_at, on_expiry: "reject" }))).toBe("then it ends as “Not yet”");
		expect(describeRule(decision({ expires_at, on_expiry: "escalate", lapsed_at: expires_at }))).toBe("any admin may decide now, too");
	});
});
