import { describe, expect, it } from "vitest";
import { buildNode } from "../../lib/testing.ts";
import { buildTree, flattenTree } from "../../lib/tree.ts";
import { type Drop, findDrop } from "./find-drop.ts";

/** a(a1 a2(a21)) b c(c1), with c collapsed */
const tree = buildTree([
	buildNode("a", null, "a0"),
	buildNode("b", null, "a1"),
	buildNode("c", null, "a2"),
	buildNode("a1", "a", "a0"),
	buildNode("a2", "a", "a1"),
	buildNode("a21", "a2", "a0"),
	buildNode("c1", "c", "a0"),
]);
const rows = flattenTree(tree, new Set(["c"]));
const [top, middle, bottom] = [0.1, 0.5, 0.9];
const drop = (draggedId: string, nodeId: string, depth: number, outdent = 0) => {
	const found: Drop | null = findDrop(tree, rows, draggedId, { nodeId, depth, outdent });
	return found === null ? null : `${found.place.parent_id ?? "top"} > ${found.place.after_id ?? "first"}, ${found.edge} at ${found.level}`;
};

describe("a drop", () => {
	it("on the upper edge goes before the row, on its middle under it, on its lower edge after it", () => {
		expect(drop("b", "a2", top)).toBe("a > a1, before at 2");
		expect(drop("b", "a1", top)).toBe("a > first, before at 2");
		expect(drop("b", "a1", middle)).toBe("a1 > first, inside at 3");
		expect(drop("b", "a2", middle)).toBe("a2 > a21, inside at 3");
		expect(drop("b", "a1", bottom)).toBe("a > a1, after at 2");
		expect(drop("a1", "c", bottom)).toBe("top > c, after at 1");
	});

	it("on the lower edge of an open row becomes its first child", () => {
		expect(drop("b", "a", bottom)).toBe("a > first, after at 2");
	});

	it("after the last of some siblings goes as far out as the pointer is to the left, and no further", () => {
		expect([0, 1, 2, 9].map((outdent) => drop("c", "a21", bottom, outdent))).toEqual([
			"a2 > a21, after at 3",
			"a > a2, after at 2",
			"top > a, after at 1",
			"top > a, after at 1",
		]);
		expect(drop("c", "a1", bottom, 5)).toBe("a > a1, after at 2");
	});

	it("does not count the dragged row itself among the siblings", () => {
		expect(drop("a2", "a1", bottom, 1)).toBe("top > a, after at 1");
		expect(drop("b", "c", top)).toBeNull();
	});

	it("is none on the row itself, below it, or where it stands already", () => {
		for (const [id, over, depth] of [
			["a", "a", middle],
			["a", "a21", middle],
			["a1", "a2", top],
			["a2", "a1", bottom],
			["a21", "a2", middle],
			["b", "c", top],
			["b", "gone", top],
		] as const)
			expect([id, over, drop(id, over, depth)]).toEqual([id, over, null]);
	});
});
