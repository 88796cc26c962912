import { parseArgs } from "node:util";
import type { EngineUnderTest } from "../support/engine-under-test.ts";
import type { FaultCase } from "./fault-case.ts";

export type Options = {
	engine: EngineUnderTest["name"];
	cases: readonly FaultCase[];
	help: boolean;
};

export const usage = `Usage: npm run faults -- [options]

  --only A,C2                groups and cases (default: all)
  --quick                    the half that npm test runs as well
  --engine postgres|hatchet  what runs the workflows (default: postgres)
  --help                     this text

Prints case, fault, what is expected and what was seen, writes docs/fault-matrix.md, and ends with code 1 where something else was seen.`;

/** Reads the command line; throws an Error that says what is wrong with it. */
export const readOptions = (args: string[], all: readonly FaultCase[]): Options => {
	const { values } = parseArgs({
		args,
		options: {
			only: { type: "string" },
			quick: { type: "boolean", default: false },
			engine: { type: "string", default: "postgres" },
			help: { type: "boolean", default: false },
		},
	});
	const { engine, help } = values;
	if (engine !== "postgres" && engine !== "hatchet") throw new Error(`--engine must be postgres or hatchet, not "${engine}".`);
	const wanted = values.only?.toUpperCase().split(",") ?? [];
	const isMeant = ({ id }: FaultCase, word: string) => id === word || id.replace(/\d.*$/, "") === word;
	const unknown = wanted.filter((word) => !all.some((one) => isMeant(one, word)));
	if (unknown.length > 0) throw new Error(`--only takes groups and cases such as A,C2; there is no ${unknown.join(", ")}.`);
	const cases = all.filter(
		(one) => (wanted.length === 0 || wanted.some((word) => isMeant(one, word))) && (!values.quick || ("quick" in one && one.quick)),
	);
	return { engine, cases, help };
};
