/** A node of a plan; only what `counts` stands in a chain. */
export type Link = { id: string; parentId: string | null; counts: boolean; dueAt: number | null };

/** What comes before a place in its longest chain; `first` is the index of the chain's first node. */
type Chain = { length: number; due: number; first: number; id: string | null; before: Chain | null };

const none: Chain = { length: 0, due: Number.NEGATIVE_INFINITY, first: Number.POSITIVE_INFINITY, id: null, before: null };

const isBetter = (one: Chain, other: Chain): boolean => {
	if (one.length !== other.length) return one.length > other.length;
	return one.due === other.due ? one.first < other.first : one.due > other.due;
};

/**
 * The longest chain of nodes that wait for each other, from the first to the last; walk.ts says what waits for what. Of equally long
 * ones the one with the latest due date in it, then the one that begins with the earlier node of the list. There must be no circle.
 */
export const longestChain = (nodes: readonly Link[], blocks: readonly { upstreamId: string; downstreamId: string }[]): string[] => {
	const indexes = new Map(nodes.map(({ id }, index) => [id, index]));
	// Places by number: a node's start is at twice its index, its finish right behind.
	const start = (index: number) => 2 * index;
	const finish = (index: number) => 2 * index + 1;
	const next: number[][] = Array.from({ length: 2 * nodes.length }, () => []);
	const awaited = new Array<number>(2 * nodes.length).fill(0);
	const order = (earlier: number, later: number) => {
		next[earlier]?.push(later);
		awaited[later] = (awaited[later] ?? 0) + 1;
	};
	for (const [index, { parentId }] of nodes.entries()) {
		order(start(index), finish(index));
		const parent = parentId === null ? undefined : indexes.get(parentId);
		if (parent === undefined) continue;
		order(start(parent), start(index));
		order(finish(index), finish(parent));
	}
	for (const { upstreamId, downstreamId } of blocks) {
		const [upstream, downstream] = [indexes.get(upstreamId), indexes.get(downstreamId)];
		if (upstream !== undefined && downstream !== undefined) order(finish(upstream), start(downstream));
	}

	const chains = new Array<Chain>(2 * nodes.length).fill(none);
	const through = (place: number): Chain => {
		const chain = chains[place] ?? none;
		const index = Math.floor(place / 2);
		const node = nodes[index];
		if (node === undefined || !node.counts) return chain;
		const due = Math.max(chain.due, node.dueAt ?? Number.NEGATIVE_INFINITY);
		return { length: chain.length + 1, due, first: chain.length === 0 ? index : chain.first, id: node.id, before: chain };
	};
	let longest = none;
	const ripe = awaited.flatMap((count, place) => (count === 0 ? [place] : []));
	// Grows while it is gone through: a place is ripe once all before it are done.
	for (const place of ripe) {
		const chain = chains[place] ?? none;
		if (isBetter(chain, longest)) longest = chain;
		for (const later of next[place] ?? []) {
			const candidate = place % 2 === 0 && later === place + 1 ? through(place) : chain;
			if (isBetter(candidate, chains[later] ?? none)) chains[later] = candidate;
			awaited[later] = (awaited[later] ?? 0) - 1;
			if (awaited[later] === 0) ripe.push(later);
		}
	}
	const ids: string[] = [];
	for (let chain: Chain | null = longest; chain !== null && chain.id !== null; chain = chain.before) ids.unshift(chain.id);
	return ids;
};
