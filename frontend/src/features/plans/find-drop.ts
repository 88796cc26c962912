import type { TreeNode, TreeRow } from "../../lib/tree.ts";
import { isWithin, locate, type Place, placeUnder, standsAt } from "./moves.ts";

/** Where the pointer is: over which row, how far down in it (0 to 1), and how many levels left of where the row begins. */
export type Pointer = { nodeId: string; depth: number; outdent: number };
/** Where a dragged node would go, and where to show that: at an edge of a row or on it, drawn from a level on. */
export type Drop = { place: Place; nodeId: string; edge: "before" | "inside" | "after"; level: number };

/**
 * The upper quarter of a row means before it, the middle under it, the lower quarter after it. After the last of some siblings,
 * pointing further left means after their parent, and so on. Null where it can't go, or stands already.
 */
export const findDrop = (tree: TreeNode[], rows: TreeRow[], draggedId: string, { nodeId, depth, outdent }: Pointer): Drop | null => {
	const row = rows.find(({ node }) => node.id === nodeId);
	if (row === undefined || isWithin(tree, draggedId, nodeId)) return null;
	const drop =
		depth < 0.25 ? before(tree, row, draggedId) : depth <= 0.75 ? inside(tree, row, draggedId) : after(tree, row, draggedId, outdent);
	return standsAt(tree, { nodeId: draggedId, place: drop.place }) ? null : drop;
};

const before = (tree: TreeNode[], { node, level }: TreeRow, draggedId: string): Drop => {
	const spot = locate(tree, node.id);
	const above = spot?.siblings.slice(0, spot.index).findLast((sibling) => sibling.node.id !== draggedId);
	return { place: { parent_id: node.parent_id, after_id: above?.node.id ?? null }, nodeId: node.id, edge: "before", level };
};

const inside = (tree: TreeNode[], { node, level }: TreeRow, draggedId: string): Drop => ({
	place: placeUnder(tree, draggedId, node.id),
	nodeId: node.id,
	edge: "inside",
	level: level + 1,
});

const after = (tree: TreeNode[], row: TreeRow, draggedId: string, outdent: number): Drop => {
	const drop = { nodeId: row.node.id, edge: "after" as const };
	if (row.expanded) return { ...drop, place: { parent_id: row.node.id, after_id: null }, level: row.level + 1 };
	let { level } = row;
	let last = row.node.id;
	for (let spot = locate(tree, last); spot !== null; spot = locate(tree, last)) {
		const isLast = spot.siblings.slice(spot.index + 1).every(({ node }) => node.id === draggedId);
		if (spot.parent === null || !isLast || level <= row.level - outdent) break;
		last = spot.parent.node.id;
		level -= 1;
	}
	const parent = locate(tree, last)?.parent ?? null;
	return { ...drop, place: { parent_id: parent?.node.id ?? null, after_id: last }, level };
};
