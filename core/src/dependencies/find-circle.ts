import type { Graph, Place } from "./walk.ts";

const keyOf = ({ nodeId, point }: Place) => `${point} of ${nodeId}`;

/**
 * A circle of waiting in a whole plan, each place coming after the one before it and the first after the last; null where there is
 * none. What comes after what is said in walk.ts. In time that grows with the graph alone.
 */
export const findCircle = ({ nodes, blocks }: Graph): Place[] | null => {
	const places = new Map<string, Place>();
	const before = new Map<string, Place[]>();
	const after = new Map<string, Place[]>();
	for (const nodeId of nodes.keys())
		for (const point of ["start", "finish"] as const) {
			const place = { nodeId, point };
			places.set(keyOf(place), place);
			before.set(keyOf(place), []);
			after.set(keyOf(place), []);
		}
	const link = (from: Place, to: Place) => {
		after.get(keyOf(from))?.push(to);
		before.get(keyOf(to))?.push(from);
	};
	for (const [nodeId, { parentId }] of nodes) {
		link({ nodeId, point: "start" }, { nodeId, point: "finish" });
		if (parentId === null) continue;
		link({ nodeId: parentId, point: "start" }, { nodeId, point: "start" });
		link({ nodeId, point: "finish" }, { nodeId: parentId, point: "finish" });
	}
	for (const { upstreamId, downstreamId } of blocks)
		link({ nodeId: upstreamId, point: "finish" }, { nodeId: downstreamId, point: "start" });

	// What comes after nothing is taken away until nothing is left, or all that is left comes after something of it.
	const open = new Map([...before].map(([key, places]) => [key, places.length]));
	const free = [...open].flatMap(([key, count]) => (count === 0 ? [key] : []));
	for (const key of free) {
		open.delete(key);
		for (const place of after.get(key) ?? []) {
			const left = (open.get(keyOf(place)) ?? 0) - 1;
			open.set(keyOf(place), left);
			if (left === 0) free.push(keyOf(place));
		}
	}
	const [start] = open.keys();
	let place = start === undefined ? undefined : places.get(start);
	const way: Place[] = [];
	const stepOf = new Map<string, number>();
	while (place !== undefined && !stepOf.has(keyOf(place))) {
		stepOf.set(keyOf(place), way.length);
		way.push(place);
		place = before.get(keyOf(place))?.find((earlier) => open.has(keyOf(earlier)));
	}
	return place === undefined ? null : way.slice(stepOf.get(keyOf(place))).reverse();
};
