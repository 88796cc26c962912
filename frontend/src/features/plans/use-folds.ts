import type { PlanTreeNode } from "@agentplanner/contracts";
import { useLocalStorage } from "@mantine/hooks";
import { useEffect, useRef } from "react";
import { ancestorsOf } from "../../lib/tree.ts";

/** What is folded in a plan's tree, which this browser remembers. Selecting a node, also by a link, unfolds what is above it. */
export const useFolds = (planId: string, nodes: PlanTreeNode[], selectedId: string | undefined) => {
	const [foldedIds, setFoldedIds] = useLocalStorage<string[]>({ key: `collapsed:${planId}`, defaultValue: [] });
	const shownFor = useRef<string | undefined>(undefined);
	useEffect(() => {
		if (selectedId === shownFor.current) return;
		shownFor.current = selectedId;
		if (selectedId === undefined) return;
		const above = new Set(ancestorsOf(nodes, selectedId).map((node) => node.id));
		setFoldedIds((ids) => (ids.some((id) => above.has(id)) ? ids.filter((id) => !above.has(id)) : ids));
	}, [selectedId, nodes, setFoldedIds]);
	return {
		foldedIds,
		toggle: (nodeId: string) => setFoldedIds((ids) => (ids.includes(nodeId) ? ids.filter((id) => id !== nodeId) : [...ids, nodeId])),
		unfold: (nodeId: string | null) => setFoldedIds((ids) => (ids.some((id) => id === nodeId) ? ids.filter((id) => id !== nodeId) : ids)),
	};
};
