import type { DeliveryAttempt } from "@agentplanner/contracts";
import { expect, test } from "vitest";
import { samenessOf } from "./sent-sameness.ts";

const payload = { delivery_id: "d", text: "{}", bytes: 2, sha256: "a" };
const say = (...hashes: (string | null)[]) => {
	const attempts = hashes.map((sha256) => ({ exchange: sha256 && { request: { sha256 } } }) as unknown as DeliveryAttempt);
	return samenessOf({ attempts }, payload);
};

test("what was sent is called the same only where every attempt that put it down says so", () => {
	expect(say("a", "a")).toBe("(2 bytes), the same bytes on all 2 attempts");
	expect(say("b", "a")).toBe("(2 bytes); 1 of 2 attempts sent something else");
	expect(say("b")).toBe("(2 bytes); 1 of 1 attempts sent something else");
	expect(say(null, null)).toBe("(2 bytes), the same on every attempt");
});
