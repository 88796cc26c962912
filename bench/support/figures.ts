import { type Paired, percentile } from "./stats.ts";

/** What one run of one side measured, by name. */
export type Figures = Record<string, number>;

/** A measured thing: how often, how long or how much. */
export type Figure = Paired & { name: string; unit: string; better: "higher" | "lower" };

export type Report = {
	title: string;
	/** What is measured against what. */
	about: string[];
	figures: Figure[];
	/** What only this run can tell, e.g. what was counted to check it. */
	notes: string[];
};

export type Side = () => Promise<Figures>;

/** Runs both sides in turn, ours first; the first `warmUps` rounds don't count. */
export const alternate = async (
	{ ours, bare }: { ours: Side; bare: Side },
	{ runs, warmUps }: { runs: number; warmUps: number },
): Promise<{ ours: Figures[]; bare: Figures[] }> => {
	const counted = { ours: [] as Figures[], bare: [] as Figures[] };
	for (let round = 0; round < warmUps + runs; round += 1) {
		const measured = { ours: await ours(), bare: await bare() };
		if (round < warmUps) continue;
		counted.ours.push(measured.ours);
		counted.bare.push(measured.bare);
	}
	return counted;
};

/** Turns runs into figures with their names and units. */
export const figuresOf = (
	{ ours, bare }: { ours: Figures[]; bare: Figures[] },
	kinds: Record<string, Pick<Figure, "unit" | "better"> & { name: string }>,
): Figure[] =>
	Object.entries(kinds).map(([key, kind]) => ({
		...kind,
		ours: ours.map((run) => run[key] ?? Number.NaN),
		bare: bare.map((run) => run[key] ?? Number.NaN),
	}));

export const latencies = (milliseconds: number[]): Figures => ({
	p50: percentile(milliseconds, 50),
	p95: percentile(milliseconds, 95),
	p99: percentile(milliseconds, 99),
});

export const latencyKinds = (prefix: string) =>
	Object.fromEntries(["p50", "p95", "p99"].map((name) => [name, { name: `${prefix}, ${name}`, unit: "ms", better: "lower" as const }]));
