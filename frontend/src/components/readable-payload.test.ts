import { expect, test } from "vitest";
import { readablePayload } from "./readable-payload.ts";

test("texts of several lines show them; what only looks like a line break stays", () => {
	const payload = JSON.stringify({ text: "One\n\nTwo", path: "C:\\new", odd: "\\\nend" });
	expect(readablePayload(payload).split("\n")).toEqual([
		"{",
		'  "text": "One',
		"",
		'Two",',
		'  "path": "C:\\\\new",',
		'  "odd": "\\\\',
		'end"',
		"}",
	]);
});

test("what isn't JSON stays as it is", () => expect(readablePayload("a\\n{")).toBe("a\\n{"));
