import type { Claim, ProjectContext } from "@agentplanner/core";
import { expect, test } from "vitest";
import { messageOf } from "./attempt-delivery.ts";
import type { House } from "./house.ts";

const house = { publicUrl: "https://planner.example.org" } as House;
const claim = { deliveryId: "d", address: "", content: { kind: "text", text: "Hello" }, agentRequestId: null } as unknown as Claim;
const inTrace = (traceId: string | null) => ({ traceId }) as ProjectContext;

test("a message carries the delivery's trace, each attempt as a parent of its own; without a trace none", () => {
	const traceId = "0af7651916cd43dd8448eb211c80319c";
	const [one, two] = [messageOf(house, inTrace(traceId), claim), messageOf(house, inTrace(traceId), claim)];
	expect(one?.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
	expect(two?.traceparent).not.toBe(one?.traceparent);
	expect(messageOf(house, inTrace(null), claim).traceparent).toBeNull();
});
