import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { EngineUnavailableError } from "../src/engine.ts";
import { createJobAdder, type Job } from "../src/postgres/job-adder.ts";

const job = (jobKey: string): Job => ({ identifier: "any", payload: {}, jobKey });

/** An adder whose statements take a moment; `refuse` says which keys fail, and how. */
const recording = (refuse: (keys: string[]) => Error | null = () => null) => {
	const statements: string[][] = [];
	const add = createJobAdder(async (jobs) => {
		const keys = jobs.map(({ jobKey }) => jobKey);
		statements.push(keys);
		await sleep(5);
		const error = refuse(keys);
		if (error) throw error;
	});
	const outcomes = (...batches: string[][]) =>
		Promise.all(
			batches.map((keys) =>
				add(keys.map(job)).then(
					() => "added",
					(error: Error) => error.message,
				),
			),
		);
	return { add, statements, outcomes };
};

test("what is asked for at once is one statement, what comes while it runs the next, and no key stands in one twice", async () => {
	const { add, statements, outcomes } = recording();
	const first = outcomes(["a"], ["b", "c"], ["a"], []);
	await sleep(2);
	await Promise.all([first, add([job("d")]), add([job("e")])]);
	expect(statements).toEqual([
		["a", "b", "c"],
		["d", "e"],
	]);
	await add([job("f")]);
	expect(statements[2]).toEqual(["f"]);
});

test("what is refused of one is not the others' trouble", async () => {
	const { outcomes } = recording((keys) => (keys.includes("bad") ? new Error("refused") : null));
	expect(await outcomes(["a"], ["bad", "b"], ["c"])).toEqual(["added", "refused", "added"]);
});

test("an engine that is away is asked once for all", async () => {
	const { statements, outcomes } = recording(() => new EngineUnavailableError("away", "wait"));
	expect(await outcomes(["a"], ["b"])).toEqual(["away", "away"]);
	expect(statements).toEqual([["a", "b"]]);
});
