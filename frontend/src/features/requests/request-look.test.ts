import type { RequestOverview } from "@agentplanner/contracts";
import { expect, it } from "vitest";
import { firstLine, requestLook } from "./request-look.ts";

const label = (status: RequestOverview["status"], deliveries: Partial<RequestOverview["deliveries"]>) =>
	requestLook({ status, deliveries: { total: 2, arrived: 0, retrying: 0, held: 0, ...deliveries } } as RequestOverview).label;

it("a dispatched request says what became of its deliveries", () => {
	expect(label("dispatched", {})).toBe("Dispatched");
	expect(label("dispatched", { retrying: 1 })).toBe("Retrying");
	expect(label("dispatched", { retrying: 2, held: 2 })).toBe("Held");
	expect(label("dispatched", { retrying: 1, held: 1 })).toBe("Retrying");
	expect(label("dispatched", { held: 1 })).toBe("Held");
	expect(label("dispatched", { arrived: 1, retrying: 1 })).toBe("Delivered");
});

it("any other state is the request's own", () => {
	expect(label("completed", { retrying: 1 })).toBe("Answered");
	expect(label("queued", { held: 1 })).toBe("Queued");
});

it("people who must decide come before whoever works, but not before who waits for a reply", () => {
	const undecided = (status: RequestOverview["status"]) => requestLook({ status } as RequestOverview, { undecided: true }).label;
	expect(undecided("working")).toBe("Needs a decision");
	expect(undecided("dispatched")).toBe("Needs a decision");
	expect(undecided("input_required")).toBe("Needs your reply");
	expect(undecided("completed")).toBe("Answered");
});

it("the first line is the first with something in it", () => {
	expect(firstLine("\n  Which one?\nThe red one?")).toBe("Which one?");
	expect(firstLine(" ")).toBe("");
});
