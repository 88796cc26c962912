import { expect, it } from "vitest";
import { candidatesFor, complete, fragmentAt } from "./mention-draft.ts";

const people = [{ name: "Ada Lovelace" }, { name: "Grace Hopper" }, { name: "Adam" }];

it("finds what is typed behind an @ up to the caret, but not inside of a word or after a line's end", () => {
	expect(fragmentAt("Ask @Gra about", 8)).toEqual({ start: 4, typed: "Gra" });
	expect(fragmentAt("@", 1)).toEqual({ start: 0, typed: "" });
	expect(fragmentAt("@Ada Lo", 7)).toEqual({ start: 0, typed: "Ada Lo" });
	expect(fragmentAt("ada@exa", 7)).toBeNull();
	expect(fragmentAt("@Ada\nand", 8)).toBeNull();
});

it("offers whose name or surname begins like that", () => {
	const offered = (typed: string) => candidatesFor(typed, people).map(({ name }) => name);
	expect(offered("ad")).toEqual(["Ada Lovelace", "Adam"]);
	expect(offered("HOP")).toEqual(["Grace Hopper"]);
	expect(offered("opper")).toEqual([]);
	expect(offered("")).toHaveLength(3);
});

it("puts the name in its place, with one space behind it and the caret after that", () => {
	expect(complete("Ask @gra about it", { start: 4, typed: "gra" }, "Grace Hopper")).toEqual({
		text: "Ask @Grace Hopper about it",
		caret: 18,
	});
});
