import type { MoveNodeInput, PlanTreeNode } from "@agentplanner/contracts";
import type { TreeNode } from "../../lib/tree.ts";

export type Place = MoveNodeInput;
export type Move = { nodeId: string; place: Place };
type Spot = { parent: TreeNode | null; siblings: TreeNode[]; index: number };

/** Among which nodes it stands, and under which; null when it is not in the tree. */
export const locate = (tree: TreeNode[], nodeId: string, parent: TreeNode | null = null): Spot | null => {
	const index = tree.findIndex(({ node }) => node.id === nodeId);
	if (index !== -1) return { parent, siblings: tree, index };
	for (const child of tree) {
		const spot = locate(child.children, nodeId, child);
		if (spot !== null) return spot;
	}
	return null;
};

const find = (tree: TreeNode[], nodeId: string): TreeNode | null => {
	const spot = locate(tree, nodeId);
	return spot?.siblings[spot.index] ?? null;
};

/** True for the node itself and everything below it. */
export const isWithin = (tree: TreeNode[], nodeId: string, otherId: string): boolean => {
	const node = find(tree, nodeId);
	return node !== null && locate([node], otherId) !== null;
};

const idOf = (node: TreeNode | null | undefined): string | null => node?.node.id ?? null;

const placeOf = ({ parent, siblings, index }: Spot): Place => ({ parent_id: idOf(parent), after_id: idOf(siblings[index - 1]) });

/** True when the node stands there already. */
export const standsAt = (tree: TreeNode[], { nodeId, place }: Move): boolean => {
	const spot = locate(tree, nodeId);
	if (spot === null) return false;
	const { parent_id, after_id } = placeOf(spot);
	return parent_id === place.parent_id && after_id === place.after_id;
};

/** Last under that parent, null being the top level, behind those that stay. */
export const placeUnder = (tree: TreeNode[], nodeIds: string | readonly string[], parentId: string | null): Place => {
	const children = parentId === null ? tree : (find(tree, parentId)?.children ?? []);
	return { parent_id: parentId, after_id: idOf(children.findLast(({ node }) => !nodeIds.includes(node.id))) };
};

/** One step each; null where there is none to take. */
export const steps = {
	up: (tree: TreeNode[], nodeId: string): Place | null => {
		const spot = locate(tree, nodeId);
		if (spot === null || spot.index === 0) return null;
		return { parent_id: idOf(spot.parent), after_id: idOf(spot.siblings[spot.index - 2]) };
	},
	down: (tree: TreeNode[], nodeId: string): Place | null => {
		const spot = locate(tree, nodeId);
		const next = spot?.siblings[spot.index + 1];
		return spot === null || next === undefined ? null : { parent_id: idOf(spot.parent), after_id: next.node.id };
	},
	/** Under the sibling above. */
	in: (tree: TreeNode[], nodeId: string): Place | null => {
		const spot = locate(tree, nodeId);
		const above = spot?.siblings[spot.index - 1];
		return above === undefined ? null : placeUnder(tree, nodeId, above.node.id);
	},
	/** Behind its parent. */
	out: (tree: TreeNode[], nodeId: string): Place | null => {
		const parent = locate(tree, nodeId)?.parent;
		const above = parent && locate(tree, parent.node.id);
		return above ? { parent_id: idOf(above.parent), after_id: parent.node.id } : null;
	},
};
export type Step = keyof typeof steps;

/** The tree as it will be. A move that can't be made changes nothing: the server will say why. */
export const applyMove = (tree: TreeNode[], { nodeId, place }: Move): TreeNode[] => {
	const moved = find(tree, nodeId);
	if (moved === null || (place.parent_id !== null && isWithin(tree, nodeId, place.parent_id))) return tree;
	const rest = without(tree, [nodeId]);
	const node: PlanTreeNode = { ...moved.node, parent_id: place.parent_id };
	return insert(rest, null, place, { node, children: moved.children }) ?? tree;
};

/** The tree without those nodes and what is below them. */
export const without = (tree: TreeNode[], nodeIds: readonly string[]): TreeNode[] =>
	tree.flatMap(({ node, children }) => (nodeIds.includes(node.id) ? [] : [{ node, children: without(children, nodeIds) }]));

/** Null when there is no such place. */
const insert = (children: TreeNode[], parentId: string | null, place: Place, node: TreeNode): TreeNode[] | null => {
	if (parentId === place.parent_id) {
		const at = place.after_id === null ? 0 : children.findIndex((child) => child.node.id === place.after_id) + 1;
		return place.after_id !== null && at === 0 ? null : children.toSpliced(at, 0, node);
	}
	for (const [index, child] of children.entries()) {
		const below = insert(child.children, child.node.id, place, node);
		if (below !== null) return children.with(index, { node: child.node, children: below });
	}
	return null;
};
