/*
 * How nodes wait for each other. Each has two points, its start and its finish, and one point comes after another:
 *
 *   start of a node      after the start of its parent, and after the finish of each node that blocks it
 *   finish of a node     after its own start, and after the finish of its children
 *
 * So what blocks a phase holds up all below it, and a phase that blocks something does so until all below it is finished. A circle
 * of points is a circle of waiting, wherever dependencies and tree meet in it.
 */

export type Direction = "downstream" | "upstream";
export type Point = "start" | "finish";
export type Place = { nodeId: string; point: Point };

/** Nodes with their parents, and who blocks whom. */
export type Graph = {
	nodes: ReadonlyMap<string, { parentId: string | null }>;
	blocks: readonly { upstreamId: string; downstreamId: string }[];
};

/** A place that the walk came to: from where, and over how many dependencies at least. */
export type Visit = Place & { from: Visit | null; distance: number };

/** Downstream of a node is what comes after its finish, upstream what comes before its start. */
export const originOf = { downstream: "finish", upstream: "start" } as const satisfies Record<Direction, Point>;

const keyOf = ({ nodeId, point }: Place) => `${point} of ${nodeId}`;

const group = (pairs: Iterable<readonly [string | null, string]>): ReadonlyMap<string | null, string[]> => {
	const groups = new Map<string | null, string[]>();
	for (const [key, value] of pairs) {
		const known = groups.get(key);
		if (known === undefined) groups.set(key, [value]);
		else known.push(value);
	}
	return groups;
};

/** Every place that comes after (downstream) or before (upstream) the origin, each by a way over the fewest dependencies. */
export const walk = ({ nodes, blocks }: Graph, origin: Place, direction: Direction): ReadonlyMap<string, Visit> => {
	const down = direction === "downstream";
	// One enters a node at one point and leaves it at the other.
	const [entry, exit]: [Point, Point] = down ? ["start", "finish"] : ["finish", "start"];
	const children = group([...nodes].map(([id, { parentId }]) => [parentId, id]));
	const beyond = group(blocks.map(({ upstreamId, downstreamId }) => (down ? [upstreamId, downstreamId] : [downstreamId, upstreamId])));

	const visits = new Map<string, Visit>();
	let round: Visit[] = [{ ...origin, from: null, distance: 0 }];
	while (round.length > 0) {
		const nextRound: Visit[] = [];
		// The round grows while it is gone through: within the tree no dependency is crossed.
		for (const visit of round) {
			const node = nodes.get(visit.nodeId);
			if (node === undefined || visits.has(keyOf(visit))) continue;
			visits.set(keyOf(visit), visit);
			const within = (nodeId: string, point: Point): Visit => ({ nodeId, point, from: visit, distance: visit.distance });
			if (visit.point === entry) {
				round.push(...(children.get(visit.nodeId) ?? []).map((child) => within(child, entry)), within(visit.nodeId, exit));
				continue;
			}
			if (node.parentId !== null) round.push(within(node.parentId, exit));
			for (const nodeId of beyond.get(visit.nodeId) ?? [])
				nextRound.push({ nodeId, point: entry, from: visit, distance: visit.distance + 1 });
		}
		round = nextRound;
	}
	return visits;
};

/** How the walk came to a place, from the origin on; null where it never did. */
export const wayTo = (visits: ReadonlyMap<string, Visit>, place: Place): Visit[] | null => {
	const way: Visit[] = [];
	for (let visit = visits.get(keyOf(place)) ?? null; visit !== null; visit = visit.from) way.unshift(visit);
	return way.length === 0 ? null : way;
};

/** Nodes that the walk entered, nearest first: all of each comes after, or before, the origin. */
export const nodesEntered = (visits: ReadonlyMap<string, Visit>, direction: Direction): Visit[] =>
	[...visits.values()]
		.filter(({ point }) => point !== originOf[direction])
		.sort((one, other) => one.distance - other.distance || (one.nodeId < other.nodeId ? -1 : 1));
