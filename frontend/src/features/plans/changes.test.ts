import { expect, test } from "vitest";
import { buildNode } from "../../lib/testing.ts";
import { buildTree, flattenTree, type TreeNode } from "../../lib/tree.ts";
import { applyChange, topsOf } from "./changes.ts";
import { describeChange } from "./describe-change.ts";

const tree = buildTree([
	buildNode("Build", null, "a", { kind: "phase" }),
	buildNode("Draw", "Build", "a"),
	buildNode("Cut", "Build", "b"),
	buildNode("Sell", null, "b", { kind: "phase" }),
	buildNode("Offer", "Sell", "a"),
	buildNode("Bill", "Sell", "b"),
]);
const shown = (result: TreeNode[]) =>
	flattenTree(result, new Set())
		.map(({ node, level }) => `${".".repeat(level - 1)}${node.id}`)
		.join(" ");

test("nodes that are moved keep their order and stand one behind the other", () => {
	const place = { parent_id: "Sell", after_id: "Offer" };
	expect(shown(applyChange(tree, { kind: "move", ids: ["Draw", "Cut"], place }))).toBe("Build Sell .Offer .Draw .Cut .Bill");
});

test("what is deleted goes with all below it", () => {
	expect(shown(applyChange(tree, { kind: "delete", ids: ["Build", "Offer"] }))).toBe("Sell .Bill");
});

test("a status is set where it was asked for, and nowhere below", () => {
	const after = flattenTree(applyChange(tree, { kind: "status", ids: ["Build", "Bill"], status: "completed" }), new Set());
	expect(after.filter(({ node }) => node.status === "completed").map(({ node }) => node.id)).toEqual(["Build", "Bill"]);
});

test("what stands below another chosen node goes along with it", () => {
	expect(topsOf(tree, new Set(["Bill", "Cut", "Build"])).map(({ id }) => id)).toEqual(["Build", "Bill"]);
});

test("changes are said in one sentence each", () => {
	expect(describeChange(tree, { kind: "delete", ids: ["Draw", "Cut", "Bill"] })).toBe("Deleted 3 tasks");
	expect(describeChange(tree, { kind: "delete", ids: ["Build"] })).toBe("Deleted “Build” with 2 below");
	expect(describeChange(tree, { kind: "status", ids: ["Build", "Bill"], status: "completed" })).toBe("Set 2 nodes to Completed");
	const under = (parent_id: string | null) => ({ kind: "move" as const, ids: ["Draw", "Cut"], place: { parent_id, after_id: null } });
	expect(describeChange(tree, under("Sell"))).toBe("Moved 2 tasks under “Sell”");
	expect(describeChange(tree, under(null))).toBe("Moved 2 tasks to the top level");
	expect(describeChange(tree, { ...under("Build"), ids: ["Cut"] })).toBe("Moved “Cut”");
});
