import { expect, test } from "vitest";
import { freshPositions, positionBetween } from "./position.ts";

const byteOrder = (one: string, other: string) => Buffer.compare(Buffer.from(one), Buffer.from(other));
const expectInOrder = (keys: string[]) => {
	expect([...keys].sort(byteOrder)).toEqual(keys);
	expect(new Set(keys).size).toBe(keys.length);
};

/** Repeatable numbers from 0 up to 1. */
const createRandom = (seed: number) => () => {
	seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
	return seed / 2 ** 32;
};

test("ten thousand keys at the end, or at the start, sort byte by byte in their order and stay short", () => {
	const appended = freshPositions(10_000);
	expectInOrder(appended);
	expect(appended.slice(0, 2)).toEqual(["a0", "a1"]);
	const prepended: string[] = [];
	while (prepended.length < 10_000) prepended.push(positionBetween(null, prepended.at(-1) ?? null));
	expectInOrder(prepended.reverse());
	for (const keys of [appended, prepended]) expect(Math.max(...keys.map(({ length }) => length))).toBeLessThanOrEqual(4);
});

test("wherever keys are put, each lies between its neighbours", () => {
	for (let seed = 1; seed <= 20; seed += 1) {
		const random = createRandom(seed);
		const keys: string[] = [];
		for (let count = 0; count < 500; count += 1) {
			// Half of them in a few places again and again, where keys grow longest.
			const at = Math.floor((random() < 0.5 ? random() : Math.round(random() * 3) / 3) * (keys.length + 1)) % (keys.length + 1);
			keys.splice(at, 0, positionBetween(keys[at - 1] ?? null, keys[at] ?? null));
		}
		expectInOrder(keys);
	}
});

test("always at the same place, a key grows by a digit for every six or so", () => {
	for (const side of ["before", "after"]) {
		let [before, after] = ["a0", "a1"];
		for (let count = 0; count < 100; count += 1) {
			const key = positionBetween(before, after);
			expect(before < key && key < after).toBe(true);
			if (side === "before") before = key;
			else after = key;
		}
		expect(positionBetween(before, after).length).toBeLessThan(25);
	}
});

test("a digit carries over, and a full number makes a longer one; at the start the other way round", () => {
	expect(positionBetween("b0z", null)).toBe("b10");
	expect(positionBetween("az", null)).toBe("b00");
	expect(positionBetween("bzz", null)).toBe("c000");
	expect(positionBetween("Zz", null)).toBe("a0");
	expect(positionBetween("Yzz", null)).toBe("Z0");
	expect(positionBetween(null, "b00")).toBe("az");
	expect(positionBetween(null, "a0")).toBe("Zz");
	expect(positionBetween(null, "Z0")).toBe("Yzz");
	expect(positionBetween(null, "Y10")).toBe("Y0z");
});

test("whole numbers come first, fractions where there is none", () => {
	expect(positionBetween("a0V", null)).toBe("a1");
	expect(positionBetween(null, "a0V")).toBe("a0");
	expect(positionBetween("a0V", "a2")).toBe("a1");
	expect(positionBetween("a0V", "a1V")).toBe("a1");
	expect(positionBetween("a0", "a1")).toBe("a0V");
	expect(positionBetween("a0", "a01")).toBe("a00V");
	expect(positionBetween("a0z", "a1")).toBe("a0zV");
	expect(positionBetween("Zz", "a0")).toBe("ZzV");
});

test("what is no key, or not in order, is refused", () => {
	for (const text of ["", "A0", "b0", "a-", "a0V0", "0"]) {
		expect(() => positionBetween(text, null)).toThrow("Not a position");
		expect(() => positionBetween(null, text)).toThrow("Not a position");
	}
	expect(() => positionBetween("a1", "a1")).toThrow("Not in order");
	expect(() => positionBetween("a1", "a0")).toThrow("Not in order");
});
