import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

test("keys are sorted at every depth, lists keep their order", () => {
	expect(canonicalJson({ b: [{ d: 1, c: null }, 2], a: "x" })).toBe('{"a":"x","b":[{"c":null,"d":1},2]}');
	expect(canonicalJson({ a: "x", b: [2, { c: null, d: 1 }] })).not.toBe(canonicalJson({ a: "x", b: [{ c: null, d: 1 }, 2] }));
});
