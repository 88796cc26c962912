export type Random = {
	/** In [0, 1). */
	next(): number;
	below(count: number): number;
	between(least: number, most: number): number;
	/** In another order; the given one stays. */
	shuffle<T>(items: readonly T[]): T[];
};

/** The same numbers for the same seed (mulberry32). */
export const seeded = (seed: number): Random => {
	let state = seed >>> 0;
	const next = (): number => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
	const below = (count: number): number => Math.floor(next() * count);
	return {
		next,
		below,
		between: (least, most) => least + next() * (most - least),
		shuffle: (items) => {
			const order = [...items];
			for (let last = order.length - 1; last > 0; last -= 1) {
				const other = below(last + 1);
				[order[last], order[other]] = [order[other] as (typeof order)[number], order[last] as (typeof order)[number]];
			}
			return order;
		},
	};
};
