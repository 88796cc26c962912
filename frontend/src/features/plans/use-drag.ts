import { useEffect, useRef, useState } from "react";
import type { TreeNode, TreeRow } from "../../lib/tree.ts";
import { type Drop, findDrop, type Pointer } from "./find-drop.ts";
import type { Place } from "./moves.ts";
import { watchDrags } from "./tree-drag.ts";

/** Which row is being dragged, and where it would go; null between drags. */
export const useDrag = (tree: TreeNode[], rows: TreeRow[], onDrop: (nodeId: string, place: Place) => void) => {
	const [drag, setDrag] = useState<{ nodeId: string; drop: Drop | null } | null>(null);
	const dropAt = (nodeId: string, pointer: Pointer | null) => (pointer === null ? null : findDrop(tree, rows, nodeId, pointer));
	const watcher: Parameters<typeof watchDrags>[0] = {
		onDrag: (nodeId, pointer) => {
			const drop = dropAt(nodeId, pointer);
			setDrag((shown) => (shown?.nodeId === nodeId && looksSame(shown.drop, drop) ? shown : { nodeId, drop }));
		},
		onDrop: (nodeId, pointer) => {
			const drop = dropAt(nodeId, pointer);
			setDrag(null);
			if (drop !== null) onDrop(nodeId, drop.place);
		},
	};
	const latest = useRef(watcher);
	latest.current = watcher;
	useEffect(
		() =>
			watchDrags({
				onDrag: (nodeId, pointer) => latest.current.onDrag(nodeId, pointer),
				onDrop: (nodeId, pointer) => latest.current.onDrop(nodeId, pointer),
			}),
		[],
	);
	return drag;
};

const looksSame = (one: Drop | null, other: Drop | null): boolean =>
	one?.nodeId === other?.nodeId && one?.edge === other?.edge && one?.level === other?.level;
