import { expect, test } from "vitest";
import { mentionRanges } from "./mentions.ts";

const named = (text: string, ...names: string[]) => mentionRanges(text, names).map(({ start, end }) => text.slice(start, end));

test("finds names behind an @, whatever their capitals, the longest that fits", () => {
	expect(named("@ada and @Ada Lovelace", "Ada", "Ada Lovelace")).toEqual(["@ada", "@Ada Lovelace"]);
	expect(named("(@Ada), @Ada's", "Ada")).toEqual(["@Ada", "@Ada"]);
});

test("not inside of words: an address is none, nor the beginning of another name", () => {
	expect(named("mail@Ada, @Adam, @Ada_1, @Adaß", "Ada")).toEqual([]);
	expect(named("@", "Ada")).toEqual([]);
});
