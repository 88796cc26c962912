import { expect, test } from "vitest";
import { positionAfter } from "./position.ts";

test("ten thousand keys in a row sort byte by byte in the order they were made, and stay short", () => {
	const keys: string[] = [];
	for (let index = 0; index < 10_000; index += 1) keys.push(positionAfter(keys.at(-1) ?? null));
	const sorted = [...keys].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
	expect(sorted).toEqual(keys);
	expect(new Set(keys).size).toBe(10_000);
	expect(keys.slice(0, 2)).toEqual(["a0", "a1"]);
	expect(keys.at(-1)?.length).toBe(4);
});

test("a digit carries over, and a full number makes a longer one", () => {
	expect(positionAfter("b0z")).toBe("b10");
	expect(positionAfter("az")).toBe("b00");
	expect(positionAfter("bzz")).toBe("c000");
});

test("the key after a fraction is past it", () => {
	expect(positionAfter("a0V")).toBe("a1");
});

test("what is no key is refused", () => {
	for (const text of ["", "A0", "b0", "a-"]) expect(() => positionAfter(text)).toThrow("Not a position");
});
