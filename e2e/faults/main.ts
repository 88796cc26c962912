// Every fault of docs/fault-matrix.md, done to the product: npm run faults -- --help
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openRunFolder } from "../../scripts/testing/run-folder.ts";
import { root } from "../support/root.ts";
import type { FaultCase } from "./fault-case.ts";
import { promisedRecoveryMs, runKills } from "./kills/kill-run.ts";
import { formatMatrix, readMatrix, withResults } from "./matrix.ts";
import { type Options, readOptions, usage } from "./options.ts";
import { allCases, groups } from "./registry.ts";
import { isRunnable, type Result, runCase, runsOn, type SharedGround, shareGround } from "./run-case.ts";
import { type StartedEngine, startEngine } from "./start-engine.ts";

/** A case that takes longer hangs. */
const caseMs = 30 * 60_000;

const print = (text: string) => process.stdout.write(`${text}\n`);

const interrupted = new Promise<never>((_, reject) => {
	for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => reject(new Error(`Stopped by ${signal}.`)));
});
interrupted.catch(() => {});

const runInTime = async (one: Parameters<typeof runCase>[0], shared: SharedGround): Promise<Result> => {
	const late = Promise.withResolvers<never>();
	const timer = setTimeout(() => late.reject(new Error(`Case ${one.id} took longer than ${caseMs / 60_000} minutes.`)), caseMs);
	try {
		return await Promise.race([runCase(one, shared), late.promise, interrupted]);
	} finally {
		clearTimeout(timer);
	}
};

const show = ({ id, fault, expected }: FaultCase, { passed, seen, figures }: Result, tookMs: number) => {
	print(`${id.padEnd(4)} ${passed ? "passed" : "FAILED"}  ${fault}  (${(tookMs / 1_000).toFixed(1)} s)`);
	print(`       expected: ${expected}`);
	print(`       seen:     ${seen}`);
	for (const figure of figures) print(`       measured: ${figure}`);
};

const write = (engine: Parameters<typeof withResults>[1], results: Result[]) => {
	const file = join(root, "docs", "fault-matrix.md");
	const before = readMatrix(groups, existsSync(file) ? readFileSync(file, "utf8") : "");
	writeFileSync(file, formatMatrix(groups, withResults(before, engine, results)));
};

const runCases = async (options: Options, engine: StartedEngine): Promise<boolean> => {
	await using shared = shareGround(engine, { hatchet: engine.hatchet });
	const results: Result[] = [];
	for (const one of options.cases) {
		if (!runsOn(one, options.engine)) {
			print(`${one.id.padEnd(4)} ${isRunnable(one) ? `on ${one.onlyOn} alone` : `doesn't apply: ${one.inapplicable}`}`);
			continue;
		}
		const begun = performance.now();
		const result = await runInTime(one, shared);
		results.push(result);
		show(one, result, performance.now() - begun);
	}
	write(options.engine, results);
	const failed = results.filter(({ passed }) => !passed).map(({ id }) => id);
	print(`\n${results.length - failed.length} passed, ${failed.length} failed${failed.length > 0 ? `: ${failed.join(", ")}` : ""}`);
	return failed.length === 0;
};

const killAtRandom = async ({ count, ofEngine, seed }: NonNullable<Options["kills"]>, engine: StartedEngine): Promise<boolean> => {
	const { hatchet } = engine;
	const report = await Promise.race([
		runKills({ engine, hatchet, kills: count, engineKills: ofEngine, seed, recoveryMs: promisedRecoveryMs }),
		interrupted,
	]);
	for (const figure of report.figures) print(figure);
	for (const problem of report.problems) print(`BROKEN: ${problem}`);
	return report.problems.length === 0;
};

try {
	const options = readOptions(process.argv.slice(2), allCases);
	if (options.help) print(usage);
	else {
		await using run = openRunFolder();
		await using engine = await startEngine(options.engine, run);
		const passed = options.kills ? await killAtRandom(options.kills, engine) : await runCases(options, engine);
		if (!passed) process.exitCode = 1;
	}
} catch (error) {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
}
// A case that was left in the middle would go on.
process.exit();
