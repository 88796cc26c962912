import type { PlanTreeNode } from "@agentplanner/contracts";

export type TreeNode = { node: PlanTreeNode; children: TreeNode[] };
export type TreeRow = { node: PlanTreeNode; level: number; hasChildren: boolean; expanded: boolean; index: number; siblings: number };

// Positions are fractional keys that sort byte by byte; a locale's order would differ.
const byPosition = (left: PlanTreeNode, right: PlanTreeNode): number => {
	if (left.position !== right.position) return left.position < right.position ? -1 : 1;
	return left.id < right.id ? -1 : 1;
};

/** Children under their parents, in order. A node whose parent is missing stands at the root, so that none is lost. */
export const buildTree = (nodes: PlanTreeNode[]): TreeNode[] => {
	const known = new Set(nodes.map((node) => node.id));
	const byParent = new Map<string | null, PlanTreeNode[]>();
	for (const node of nodes) {
		const parent = node.parent_id !== null && known.has(node.parent_id) ? node.parent_id : null;
		byParent.set(parent, [...(byParent.get(parent) ?? []), node]);
	}
	const under = (parent: string | null): TreeNode[] =>
		(byParent.get(parent) ?? []).toSorted(byPosition).map((node) => ({ node, children: under(node.id) }));
	return under(null);
};

/** The rows that show, top to bottom: everything except what is under a collapsed node. */
export const flattenTree = (tree: TreeNode[], collapsed: ReadonlySet<string>, level = 1): TreeRow[] =>
	tree.flatMap(({ node, children }, index) => {
		const expanded = children.length > 0 && !collapsed.has(node.id);
		const row: TreeRow = { node, level, hasChildren: children.length > 0, expanded, index: index + 1, siblings: tree.length };
		return expanded ? [row, ...flattenTree(children, collapsed, level + 1)] : [row];
	});

/** From the root down to the node's parent. */
export const ancestorsOf = (nodes: PlanTreeNode[], nodeId: string): PlanTreeNode[] => {
	const byId = new Map(nodes.map((node) => [node.id, node]));
	const ancestors: PlanTreeNode[] = [];
	let parent = byId.get(nodeId)?.parent_id ?? null;
	while (parent !== null && !ancestors.some((node) => node.id === parent)) {
		const node = byId.get(parent);
		if (node === undefined) break;
		ancestors.unshift(node);
		parent = node.parent_id;
	}
	return ancestors;
};

/** The node, what it is part of, and what is part of it. */
export const lineOf = (nodes: PlanTreeNode[], nodeId: string): ReadonlySet<string> => {
	const byParent = Map.groupBy(nodes, (node) => node.parent_id);
	const withBelow = (id: string): string[] => [id, ...(byParent.get(id) ?? []).flatMap((child) => withBelow(child.id))];
	return new Set([...ancestorsOf(nodes, nodeId).map(({ id }) => id), ...withBelow(nodeId)]);
};

/** Where a new child of the parent will stand: after all that shows under it. Null when the parent does not show. */
export const draftPlace = (rows: TreeRow[], parentId: string | null): { before: number; level: number } | null => {
	if (parentId === null) return { before: rows.length, level: 1 };
	const at = rows.findIndex(({ node }) => node.id === parentId);
	const parent = rows[at];
	if (parent === undefined) return null;
	const end = rows.findIndex((row, index) => index > at && row.level <= parent.level);
	return { before: end === -1 ? rows.length : end, level: parent.level + 1 };
};
