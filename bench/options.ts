import { parseArgs } from "node:util";

export const caseKeys = ["a", "b", "c", "d", "e", "f", "g", "h"] as const;
export type CaseKey = (typeof caseKeys)[number];

export type Options = {
	engine: "postgres" | "hatchet";
	only: readonly CaseKey[];
	runs: number;
	/** A look instead of a measurement. */
	quick: boolean;
	out: string | null;
	help: boolean;
};

export const usage = `Usage: npm run bench -- [options]

  --only a,b,c,d,e,f,g,h     which cases (default: all)
                             a  asking, against bare Express and pg
                             b  from the ask to the webhook's hit, against the bare engine
                             c  memory after many requests, against the bare engine
                             d  first and second start
                             e  a tree of 10,000 nodes, against bare SQL
                             f  a timeline over 100,000 events, against bare SQL
                             g  1,000 moves at once, against bare SQL
                             h  from an event to its subscriber's webhook, against bare senders on graphile-worker and BullMQ
  --engine postgres|hatchet  what runs the workflows (default: postgres)
  --runs N                   counted runs of all but c, 1 to 20 (default: 5)
  --quick                    fewer and shorter runs: a look, not a measurement
  --out FILE                 also writes every run's figures as JSON
  --help                     this text`;

/** Reads the command line; throws an Error that says what is wrong with it. */
export const readOptions = (args: string[]): Options => {
	const { values } = parseArgs({
		args,
		options: {
			engine: { type: "string", default: "postgres" },
			only: { type: "string", default: caseKeys.join(",") },
			runs: { type: "string" },
			quick: { type: "boolean", default: false },
			out: { type: "string" },
			help: { type: "boolean", default: false },
		},
	});
	const { engine, quick, help } = values;
	if (engine !== "postgres" && engine !== "hatchet") throw new Error(`--engine must be postgres or hatchet, not "${engine}".`);
	const runs = Number(values.runs ?? (quick ? 2 : 5));
	if (!Number.isInteger(runs) || runs < 1 || runs > 20) throw new Error(`--runs must be a number from 1 to 20, not "${values.runs}".`);
	const wanted = values.only.split(",");
	const unknown = wanted.filter((key) => !caseKeys.some((known) => known === key));
	if (unknown.length > 0) throw new Error(`--only takes ${caseKeys.join(", ")}, not "${unknown.join(", ")}".`);
	return { engine, only: caseKeys.filter((key) => wanted.includes(key)), runs, quick, out: values.out ?? null, help };
};
