import { useMemo, useRef, useState } from "react";
import { flattenTree, type TreeNode, type TreeRow } from "../../lib/tree.ts";

const nothing: ReadonlySet<string> = new Set();

/** Which nodes are chosen, to do something with all of them. */
export const useChoice = (tree: TreeNode[], rows: TreeRow[]) => {
	const [ids, setIds] = useState(nothing);
	// From where a range reaches, and what was chosen beside it.
	const range = useRef<{ from: string; beside: ReadonlySet<string> } | null>(null);
	const chosen = useMemo(() => {
		if (ids.size === 0) return nothing;
		const known = flattenTree(tree, nothing).map(({ node }) => node.id);
		return new Set(known.filter((id) => ids.has(id)));
	}, [ids, tree]);
	const indexOf = (id: string) => rows.findIndex(({ node }) => node.id === id);
	return {
		chosen,
		toggle(id: string) {
			const next = new Set(chosen);
			if (!next.delete(id)) next.add(id);
			range.current = { from: id, beside: next };
			setIds(next);
		},
		/** Everything between where the range began, or else that row, and this one. */
		extendTo(id: string, otherwiseFrom: string) {
			if (range.current === null || indexOf(range.current.from) === -1) range.current = { from: otherwiseFrom, beside: chosen };
			const { from, beside } = range.current;
			const [first, last] = [indexOf(from), indexOf(id)].sort((one, other) => one - other);
			setIds(new Set([...beside, ...rows.slice(first, (last ?? 0) + 1).map(({ node }) => node.id)]));
		},
		drop: (gone: readonly string[]) => setIds((known) => new Set([...known].filter((id) => !gone.includes(id)))),
		all: () => setIds(new Set(rows.map(({ node }) => node.id))),
		clear() {
			range.current = null;
			setIds(nothing);
		},
	};
};
