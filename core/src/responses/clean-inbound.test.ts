import type { Received } from "@agentplanner/contracts";
import { expect, test } from "vitest";
import { InvalidInputError } from "../errors.ts";
import { cleanInbound } from "./clean-inbound.ts";

const said = { externalId: "1", deliveryId: "d", comment: "", option: "yes" };
const decision: Received = { type: "decision", ...said, person: { id: "U1", name: "Ada \u0000" }, ear: { at: ["x\ud800"] } };

test("what tables can't hold is replaced, however deep it lies", () => {
	expect(cleanInbound([decision])).toEqual([{ ...decision, person: { id: "U1", name: "Ada \ufffd" }, ear: { at: ["x\ufffd"] } }]);
});

test("an id that no index takes is refused", () => {
	expect(() => cleanInbound([{ ...decision, externalId: "x".repeat(1_001) }])).toThrow(InvalidInputError);
});
