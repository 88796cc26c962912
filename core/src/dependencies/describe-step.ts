import type { Place } from "./walk.ts";

type Naming = (nodeId: string) => string;

/** One step of waiting as a clause, from a place to one that comes after it; null within a node. */
export const describeStep = (from: Place, to: Place, title: Naming): string | null => {
	if (from.nodeId === to.nodeId) return null;
	if (from.point !== to.point) return `${title(from.nodeId)} blocks ${title(to.nodeId)}`;
	const [part, whole] = to.point === "start" ? [to.nodeId, from.nodeId] : [from.nodeId, to.nodeId];
	return `${title(part)} is part of ${title(whole)}`;
};
