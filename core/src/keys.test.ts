import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createKeys, safeEqual } from "./keys.ts";

const newKey = () => randomBytes(32).toString("base64");
const keys = createKeys(newKey());

test("what is sealed opens for the same row, and looks different every time", () => {
	const sealed = keys.seal("secret ✓", "row-1");
	expect(keys.open(sealed, "row-1")).toBe("secret ✓");
	expect(sealed.toString("latin1")).not.toContain("secret");
	expect(keys.seal("secret ✓", "row-1").equals(sealed)).toBe(false);
	expect(keys.open(keys.seal("", "row-1"), "row-1")).toBe("");
});

test("it doesn't open for another row, with another key, or changed anywhere", () => {
	const sealed = keys.seal("secret", "row-1");
	expect(() => keys.open(sealed, "row-2")).toThrow();
	expect(() => createKeys(newKey()).open(sealed, "row-1")).toThrow();
	for (let index = 0; index < sealed.length; index += 1) {
		const changed = Buffer.from(sealed);
		changed[index] = (changed[index] ?? 0) ^ 1;
		expect(() => keys.open(changed, "row-1"), `byte ${index}`).toThrow();
	}
});

test("nor cut short: a shorter tag would be easier to guess", () => {
	const sealed = keys.seal("", "row-1");
	for (let length = 0; length < sealed.length; length += 1)
		expect(() => keys.open(sealed.subarray(0, length), "row-1"), `${length} bytes`).toThrow();
});

test("a newer format is named as such", () => {
	const sealed = keys.seal("secret", "row-1");
	sealed[0] = 9;
	expect(() => keys.open(sealed, "row-1")).toThrow("newer version");
});

test("a mac is the same for the same purpose, text and key, and for nothing else", () => {
	const key = newKey();
	const mac = createKeys(key).mac("reply-token", "row-1");
	expect(createKeys(key).mac("reply-token", "row-1")).toBe(mac);
	for (const other of [
		keys.mac("reply-token", "row-1"),
		createKeys(key).mac("other", "row-1"),
		createKeys(key).mac("reply-token", "row-2"),
	])
		expect(other).not.toBe(mac);
});

test("a key that isn't 32 bytes of base64 is refused with the remedy", () => {
	for (const bad of ["", "short", randomBytes(31).toString("base64"), randomBytes(33).toString("base64")])
		expect(() => createKeys(bad)).toThrow("openssl rand -base64 32");
});

test("safeEqual compares text of any length", () => {
	expect([safeEqual("a", "a"), safeEqual("a", "b"), safeEqual("a", "aa"), safeEqual("é", "e"), safeEqual("", "")]).toEqual([
		true,
		false,
		false,
		false,
		true,
	]);
});
