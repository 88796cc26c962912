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

/** Runs all sides in turn; the first `warmUps` rounds don't count. */
export const alternate = async <Name extends string>(
	sides: Record<Name, Side>,
	{ runs, warmUps }: { runs: number; warmUps: number },
): Promise<Record<Name, Figures[]>> => {
	const names = Object.keys(sides) as Name[];
	const counted = Object.fromEntries(names.map((name) => [name, [] as Figures[]])) as Record<Name, Figures[]>;
	for (let round = 0; round < warmUps + runs; round += 1)
		for (const name of names) {
			const figures = await sides[name]();
			if (round >= warmUps) counted[name].push(figures);
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
