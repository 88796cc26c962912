import type { NodeStatus, PlanTreeNode } from "@agentplanner/contracts";
import type { TreeNode } from "../../lib/tree.ts";
import { applyMove, locate, type Move, type Place, without } from "./moves.ts";

/** What can be done with nodes of a plan at once; of those moved or deleted none stands below another. */
export type Change =
	| { kind: "move"; ids: string[]; place: Place }
	| { kind: "delete"; ids: string[] }
	| { kind: "status"; ids: string[]; status: NodeStatus };

/** One behind the other, the first at the place. */
export const movesOf = (ids: readonly string[], { parent_id, after_id }: Place): Move[] =>
	ids.map((nodeId, index) => ({ nodeId, place: { parent_id, after_id: ids[index - 1] ?? after_id } }));

/** The tree as it will be once the change is saved. */
export const applyChange = (tree: TreeNode[], change: Change): TreeNode[] => {
	switch (change.kind) {
		case "move":
			return movesOf(change.ids, change.place).reduce(applyMove, tree);
		case "delete":
			return without(tree, change.ids);
		case "status":
			return withStatus(tree, new Set(change.ids), change.status);
	}
};

const withStatus = (tree: TreeNode[], ids: ReadonlySet<string>, status: NodeStatus): TreeNode[] =>
	tree.map(({ node, children }) => ({
		node: ids.has(node.id) && node.status !== status ? { ...node, status } : node,
		children: withStatus(children, ids, status),
	}));

/** Of the chosen nodes those that don't stand below another one, in their order. */
export const topsOf = (tree: TreeNode[], ids: ReadonlySet<string>): PlanTreeNode[] =>
	tree.flatMap(({ node, children }) => (ids.has(node.id) ? [node] : topsOf(children, ids)));

/** How many nodes stand below these, and would go along with them. */
export const countBelow = (tree: TreeNode[], ids: readonly string[]): number =>
	ids.reduce((sum, id) => {
		const spot = locate(tree, id);
		return sum + countAll(spot?.siblings[spot.index]?.children ?? []);
	}, 0);

const countAll = (tree: TreeNode[]): number => tree.reduce((sum, { children }) => sum + 1 + countAll(children), 0);
