import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DomainError } from "../errors.ts";
import { assertCondition, holds } from "./condition.ts";

const data = {
	from: "open",
	to: "completed",
	count: 3,
	done: false,
	note: null,
	labels: ["copy", "urgent"],
	agent: { id: "a1", name: "Ada" },
	__proto__: { inherited: "yes" },
};

describe("a condition", () => {
	test.each([
		[{ to: "completed" }, true],
		[{ to: "failed" }, false],
		[{ to: "completed", from: "blocked" }, false],
		[{ count: 3, done: false, note: null }, true],
		[{ count: "3" }, false],
		[{ to: ["failed", "completed"] }, true],
		[{ to: { in: ["failed"] } }, false],
		[{ to: { prefix: "comp" } }, true],
		[{ count: { prefix: "3" } }, false],
		[{ "agent.name": "Ada" }, true],
		[{ "agent.name.first": "Ada" }, false],
		[{ agent: { exists: true } }, true],
		[{ note: { exists: true } }, false],
		[{ nothing: { exists: false } }, true],
		[{ labels: "urgent" }, true],
		[{ labels: { prefix: "cop" } }, true],
		[{ labels: ["late", "early"] }, false],
		[{ inherited: "yes" }, false],
		[{ toString: { exists: true } }, false],
		[{ "constructor.name": "Object" }, false],
	])("%j: %s", (condition, expected) => {
		assertCondition(condition);
		expect(holds(condition, data)).toBe(expected);
	});

	test.each([
		[{}, "body.condition"],
		[Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`f${index}`, 1])), "body.condition"],
		[{ to: { regex: ".*" } }, "body.condition.to"],
		[{ to: { in: ["a"], prefix: "b" } }, "body.condition.to"],
		[{ to: { in: "a" } }, "body.condition.to.in"],
		[{ to: { in: [["a"]] } }, "body.condition.to.in.0"],
		[{ to: ["a", { b: 1 }] }, "body.condition.to.1"],
		[{ to: [] }, "body.condition.to"],
		[{ to: { prefix: 3 } }, "body.condition.to.prefix"],
		[{ to: { exists: "yes" } }, "body.condition.to.exists"],
		[{ to: "x".repeat(501) }, "body.condition.to"],
		[{ "a..b": 1 }, "body.condition.a..b"],
		[{ "a.b.c.d.e.f.g": 1 }, "body.condition.a.b.c.d.e.f.g"],
		[{ to: { toString: "x" } }, "body.condition.to"],
	])("%j is refused, naming %s", (condition, field) => {
		expect(() => assertCondition(condition)).toThrow(
			expect.objectContaining({ code: "unprocessable", fields: [expect.objectContaining({ field })] }),
		);
	});
});

const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));

describe("whatever is given", () => {
	test("a condition is refused with its parts named, or can be looked at without an error", () => {
		fc.assert(
			fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()), (condition, anyData) => {
				try {
					assertCondition(condition);
				} catch (error) {
					expect(error).toBeInstanceOf(DomainError);
					expect((error as DomainError).fields.length).toBeGreaterThan(0);
					return;
				}
				expect(typeof holds(condition, anyData)).toBe("boolean");
			}),
			{ numRuns: 2_000 },
		);
	});

	test("a value equals itself, is in a list that has it, and not in one that hasn't", () => {
		fc.assert(
			fc.property(scalar, fc.array(scalar, { minLength: 1, maxLength: 20 }), (value, list) => {
				expect(holds({ field: value }, { field: value })).toBe(true);
				expect(holds({ field: { in: list } }, { field: value })).toBe(list.includes(value));
				expect(holds({ field: list }, { field: value })).toBe(list.includes(value));
			}),
		);
	});
});
