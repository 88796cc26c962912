import { parseArgs } from "node:util";
import type { EngineUnderTest } from "../support/engine-under-test.ts";
import type { FaultCase } from "./fault-case.ts";

export type Options = {
	engine: EngineUnderTest["name"];
	cases: readonly FaultCase[];
	/** Kills at random instead of the cases. */
	kills: { count: number; ofEngine: number; seed: number } | null;
	help: boolean;
};

export const usage = `Usage: npm run faults -- [options]

  --only A,C2                groups and cases (default: all)
  --quick                    the half that npm test runs as well
  --kills N                  instead: N times kill -9 of api, worker or PostgreSQL at random, under a stream of requests
  --kill-engine M            of these M of Hatchet itself
  --seed S                   what chance begins with (default: 1)
  --engine postgres|hatchet  what runs the workflows (default: postgres)
  --help                     this text

Prints case, fault, what is expected and what was seen, writes docs/fault-matrix.md, and ends with code 1 where something else was seen.`;

const numberOf = (option: string, text: string, least: number, most: number): number => {
	const number = Number(text);
	if (!/^\d+$/.test(text) || number < least || number > most)
		throw new Error(`${option} must be a number from ${least} to ${most}, not "${text}".`);
	return number;
};

/** Reads the command line; throws an Error that says what is wrong with it. */
export const readOptions = (args: string[], all: readonly FaultCase[]): Options => {
	const { values } = parseArgs({
		args,
		options: {
			only: { type: "string" },
			quick: { type: "boolean", default: false },
			kills: { type: "string" },
			"kill-engine": { type: "string", default: "0" },
			seed: { type: "string", default: "1" },
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
	const count = values.kills === undefined ? 0 : numberOf("--kills", values.kills, 1, 1_000);
	const ofEngine = numberOf("--kill-engine", values["kill-engine"], 0, count);
	if (ofEngine > 0 && engine !== "hatchet") throw new Error("--kill-engine needs --engine hatchet: the other engine lives in the worker.");
	const seed = numberOf("--seed", values.seed, 0, 4_294_967_295);
	return { engine, cases, kills: count > 0 ? { count, ofEngine, seed } : null, help };
};
