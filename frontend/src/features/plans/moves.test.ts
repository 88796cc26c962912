import { describe, expect, it } from "vitest";
import { buildNode } from "../../lib/testing.ts";
import { buildTree, type TreeNode } from "../../lib/tree.ts";
import { applyMove, isWithin, type Place, placeUnder, type Step, standsAt, steps } from "./moves.ts";

/** a(a1(a11) a2 a3) b c */
const tree = buildTree([
	buildNode("a", null, "a0"),
	buildNode("b", null, "a1"),
	buildNode("c", null, "a2"),
	buildNode("a1", "a", "a0"),
	buildNode("a2", "a", "a1"),
	buildNode("a3", "a", "a2"),
	buildNode("a11", "a1", "a0"),
]);
const draw = (nodes: TreeNode[]): string =>
	nodes.map(({ node, children }) => (children.length > 0 ? `${node.id}(${draw(children)})` : node.id)).join(" ");
const drawAfter = (nodeId: string, place: Place | null) => (place === null ? null : draw(applyMove(tree, { nodeId, place })));

describe("moves", () => {
	it("go one step up, down, in or out, and nowhere at the end", () => {
		const results = (step: Step, ...ids: string[]) => ids.map((id) => drawAfter(id, steps[step](tree, id)));
		expect(results("up", "a3", "a2", "a1")).toEqual(["a(a1(a11) a3 a2) b c", "a(a2 a1(a11) a3) b c", null]);
		expect(results("down", "a1", "a2", "a3")).toEqual(["a(a2 a1(a11) a3) b c", "a(a1(a11) a3 a2) b c", null]);
		expect(results("in", "a2", "b", "a1", "a")).toEqual(["a(a1(a11 a2) a3) b c", "a(a1(a11) a2 a3 b) c", null, null]);
		expect(results("out", "a1", "a11", "c")).toEqual(["a(a2 a3) a1(a11) b c", "a(a1 a11 a2 a3) b c", null]);
		expect(results("up", "gone")).toEqual([null]);
	});

	it("put a node last under a parent, where it may be already", () => {
		expect(drawAfter("b", placeUnder(tree, "b", "a"))).toBe("a(a1(a11) a2 a3 b) c");
		expect(drawAfter("a1", placeUnder(tree, "a1", null))).toBe("a(a2 a3) b c a1(a11)");
		expect(placeUnder(tree, "a3", "a")).toEqual({ parent_id: "a", after_id: "a2" });
	});

	it("tell the moved node its new parent, and leave the tree they came from alone", () => {
		const moved = applyMove(tree, { nodeId: "c", place: { parent_id: "b", after_id: null } });
		expect(moved.find(({ node }) => node.id === "b")?.children[0]?.node.parent_id).toBe("b");
		expect(draw(tree)).toBe("a(a1(a11) a2 a3) b c");
	});

	it("that can't be made change nothing", () => {
		for (const [nodeId, parentId, afterId] of [
			["a", "a11", null],
			["a", "a", null],
			["b", "gone", null],
			["b", "a", "c"],
			["b", null, "b"],
			["gone", null, null],
		] as const)
			expect(applyMove(tree, { nodeId, place: { parent_id: parentId, after_id: afterId } })).toBe(tree);
	});

	it("know what is within what, and what stands where", () => {
		expect(["a", "a11", "b"].map((id) => isWithin(tree, "a", id))).toEqual([true, true, false]);
		expect(standsAt(tree, { nodeId: "a2", place: { parent_id: "a", after_id: "a1" } })).toBe(true);
		expect(standsAt(tree, { nodeId: "a", place: { parent_id: null, after_id: null } })).toBe(true);
		expect(standsAt(tree, { nodeId: "a2", place: { parent_id: "a", after_id: null } })).toBe(false);
	});
});
