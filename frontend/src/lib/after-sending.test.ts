import { expect, it } from "vitest";
import { afterSending } from "./after-sending.ts";

it("empties a field only while it still holds what was sent", () => {
	expect(afterSending("Write tests", "Write tests")).toBe("");
	expect(afterSending("Next task", "Write tests")).toBe("Next task");
});
