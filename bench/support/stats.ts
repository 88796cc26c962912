const sorted = (values: number[]): number[] => values.toSorted((a, b) => a - b);

/** The middle value; of an even number of values the mean of the two in the middle. NaN of none. */
export const median = (values: number[]): number => {
	const inOrder = sorted(values);
	const middle = inOrder.length / 2;
	const [low, high] = [inOrder[Math.ceil(middle) - 1], inOrder[Math.floor(middle)]];
	return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
};

/** The smallest value that at least `percent` of all are not above (nearest rank). NaN of none. */
export const percentile = (values: number[], percent: number): number => {
	const rank = Math.max(1, Math.ceil((percent / 100) * values.length));
	return sorted(values)[rank - 1] ?? Number.NaN;
};

/** One figure of both sides, run by run in the same order. */
export type Paired = { ours: number[]; bare: number[] };

export type Ratio = { median: number; least: number; most: number };

/** Ours by theirs, pair by pair: a machine that drifts from run to run drifts out of it. */
export const ratioOf = ({ ours, bare }: Paired): Ratio => {
	if (ours.length !== bare.length) throw new Error(`${ours.length} runs can't be paired with ${bare.length}.`);
	const ratios = ours.map((value, run) => value / (bare[run] ?? Number.NaN));
	return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
};
