import type { PlanTreeNode } from "@agentplanner/contracts";
import { nodeStatusLooks } from "../../components/status.tsx";
import type { TreeNode } from "../../lib/tree.ts";
import { type Change, countBelow } from "./changes.ts";
import { locate } from "./moves.ts";

/** `“Draw”`, `3 tasks`, or `3 nodes` where they are of different kinds. */
export const nameNodes = (nodes: readonly Pick<PlanTreeNode, "title" | "kind">[]): string => {
	const [first] = nodes;
	if (nodes.length === 1 && first !== undefined) return `“${first.title}”`;
	const kind = nodes.every((node) => node.kind === first?.kind) ? first?.kind : "node";
	return `${nodes.length} ${kind}s`;
};

/** What a change does, said as done: `Deleted 3 tasks`. `tree` is as it was before. */
export const describeChange = (tree: TreeNode[], change: Change): string => {
	const spots = change.ids.map((id) => locate(tree, id)).filter((spot) => spot !== null);
	const what = nameNodes(spots.flatMap(({ siblings, index }) => siblings[index]?.node ?? []));
	switch (change.kind) {
		case "status":
			return `Set ${what} to ${nodeStatusLooks[change.status].label}`;
		case "delete": {
			const below = countBelow(tree, change.ids);
			return below === 0 ? `Deleted ${what}` : `Deleted ${what} with ${below} below`;
		}
		case "move": {
			const { parent_id: parentId } = change.place;
			if (spots.every(({ parent }) => (parent?.node.id ?? null) === parentId)) return `Moved ${what}`;
			const parent = parentId === null ? null : locate(tree, parentId);
			return `Moved ${what} ${parent === null ? "to the top level" : `under “${parent.siblings[parent.index]?.node.title}”`}`;
		}
	}
};
