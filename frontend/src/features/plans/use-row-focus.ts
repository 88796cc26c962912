import { useLayoutEffect, useRef } from "react";
import type { TreeRow } from "../../lib/tree.ts";
import { rowId } from "./tree-row.tsx";

export const focusRow = (nodeId: string): void => document.getElementById(rowId(nodeId))?.focus();

/** Keeps the focus in the tree where a change, a menu or a dialog would take the focused element away. */
export const useRowFocus = (rows: TreeRow[], activeId: string | undefined) => {
	const latestActive = useRef(activeId);
	latestActive.current = activeId;
	const next = useRef<string | null>(null);

	// Also what was moved by menu or mouse has the focus then, and can be seen.
	useLayoutEffect(() => {
		if (next.current === null || rows.length === 0) return;
		const row = document.getElementById(rowId(next.current));
		next.current = null;
		row?.focus({ preventScroll: true });
		row?.scrollIntoView({ block: "nearest" });
	}, [rows]);

	return {
		/** With the next change of the rows. */
		focusNext(nodeId: string | null) {
			next.current = nodeId;
		},
		/** Once what is closing is gone, unless something else has the focus by then. */
		focusActive: () =>
			setTimeout(() => {
				if (document.activeElement === document.body && latestActive.current !== undefined) focusRow(latestActive.current);
			}),
	};
};
