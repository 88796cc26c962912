import { describe, expect, it } from "vitest";
import { createSubmissionKeys } from "./submission-keys.ts";

describe("submission keys", () => {
	it("repeats the same body under the same key", () => {
		const keys = createSubmissionKeys();
		expect(keys.keyFor({ name: "Ada" })).toBe(keys.keyFor({ name: "Ada" }));
	});

	it("takes a new key once the body differs, also back and forth", () => {
		const keys = createSubmissionKeys();
		const made = ["Ada", "Eve", "Ada"].map((name) => keys.keyFor({ name }));
		expect(new Set(made).size).toBe(3);
	});

	it("takes a new key for the same body after it went through", () => {
		const keys = createSubmissionKeys();
		const first = keys.keyFor("same title");
		keys.done();
		expect(keys.keyFor("same title")).not.toBe(first);
	});
});
