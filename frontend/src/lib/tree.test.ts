import { describe, expect, it } from "vitest";
import { buildNode } from "./testing.ts";
import { ancestorsOf, buildTree, draftPlace, flattenTree, lineOf } from "./tree.ts";

const nodes = [
	buildNode("b1", "b", "a0"),
	buildNode("b", null, "a1"),
	buildNode("a2", "a", "a1"),
	buildNode("a", null, "a0"),
	buildNode("a1", "a", "a0"),
	buildNode("a11", "a1", "a0"),
];
const shown = (collapsed: string[]) => flattenTree(buildTree(nodes), new Set(collapsed)).map(({ node, level }) => `${level}${node.id}`);

describe("tree", () => {
	it("puts children under their parents, in order", () => {
		expect(shown([])).toEqual(["1a", "2a1", "3a11", "2a2", "1b", "2b1"]);
	});

	it("hides everything under a collapsed node", () => {
		expect(shown(["a"])).toEqual(["1a", "1b", "2b1"]);
		expect(shown(["a1", "b"])).toEqual(["1a", "2a1", "2a2", "1b"]);
	});

	it("sorts positions byte by byte, capitals before small letters", () => {
		const siblings = [buildNode("x", null, "a0"), buildNode("y", null, "Zz"), buildNode("z", null, "a0V")];
		expect(buildTree(siblings).map(({ node }) => node.id)).toEqual(["y", "x", "z"]);
	});

	it("keeps a node whose parent is not there, at the root", () => {
		expect(buildTree([buildNode("orphan", "gone", "a0")]).map(({ node }) => node.id)).toEqual(["orphan"]);
	});

	it("tells each row its place among its siblings and whether it is open", () => {
		const rows = flattenTree(buildTree(nodes), new Set(["b"]));
		expect(rows.map(({ index, siblings, hasChildren, expanded }) => [index, siblings, hasChildren, expanded])).toEqual([
			[1, 2, true, true],
			[1, 2, true, true],
			[1, 1, false, false],
			[2, 2, false, false],
			[2, 2, true, false],
		]);
	});

	it("finds the way down to a node, and survives a circle", () => {
		expect(ancestorsOf(nodes, "a11").map(({ id }) => id)).toEqual(["a", "a1"]);
		expect(ancestorsOf([buildNode("x", "y", "a0"), buildNode("y", "x", "a0")], "x").length).toBeLessThanOrEqual(2);
	});

	it("finds a node's line: itself, what it is part of, and what is part of it", () => {
		expect([...lineOf(nodes, "a1")].sort()).toEqual(["a", "a1", "a11"]);
		expect([...lineOf(nodes, "b")].sort()).toEqual(["b", "b1"]);
	});

	it("places a new child after everything under its parent", () => {
		const rows = flattenTree(buildTree(nodes), new Set());
		expect(draftPlace(rows, "a1")).toEqual({ before: 3, level: 3 });
		expect(draftPlace(rows, "a")).toEqual({ before: 4, level: 2 });
		expect(draftPlace(rows, "b")).toEqual({ before: 6, level: 2 });
		expect(draftPlace(rows, null)).toEqual({ before: 6, level: 1 });
		expect(draftPlace(rows, "hidden")).toBeNull();
	});
});
