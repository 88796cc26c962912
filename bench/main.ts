// Where the product stands beside what it could be at best: npm run bench -- --help
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { dirname, resolve } from "node:path";
import { openRunFolder } from "../scripts/testing/run-folder.ts";
import type { Case } from "./case.ts";
import { askToHit } from "./cases/ask-to-hit.ts";
import { memory } from "./cases/memory.ts";
import { moves } from "./cases/moves.ts";
import { postRequest } from "./cases/post-request.ts";
import { start } from "./cases/start.ts";
import { subscriptions } from "./cases/subscriptions.ts";
import { timeline } from "./cases/timeline.ts";
import { tree } from "./cases/tree.ts";
import { type CaseKey, type Options, readOptions, usage } from "./options.ts";
import type { Report } from "./support/figures.ts";
import { formatReport } from "./support/table.ts";

const cases: Record<CaseKey, Case> = { a: postRequest, b: askToHit, c: memory, d: start, e: tree, f: timeline, g: moves, h: subscriptions };

/** A case that takes longer hangs. */
const caseMs = 30 * 60_000;

const print = (text: string) => process.stdout.write(`${text}\n`);

const interrupted = new Promise<never>((_, reject) => {
	for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => reject(new Error(`Stopped by ${signal}.`)));
});
interrupted.catch(() => {});

const measure = async (key: CaseKey, options: Options): Promise<Report> => {
	await using own = new AsyncDisposableStack();
	const late = Promise.withResolvers<never>();
	const timer = setTimeout(() => late.reject(new Error(`Case ${key} took longer than ${caseMs / 60_000} minutes.`)), caseMs);
	try {
		return await Promise.race([cases[key](options, own), late.promise, interrupted]);
	} finally {
		clearTimeout(timer);
	}
};

try {
	const options = readOptions(process.argv.slice(2));
	if (options.help) print(usage);
	else {
		const machine = { cpus: availableParallelism(), loadBefore: loadavg()[0] ?? 0, node: process.version };
		print(`${machine.cpus} CPUs, load ${machine.loadBefore.toFixed(1)} before anything was started, Node ${machine.node}\n`);
		await using _ = openRunFolder();
		const reports: Partial<Record<CaseKey, Report>> = {};
		for (const key of options.only) {
			const report = await measure(key, options);
			reports[key] = report;
			print(formatReport(report));
		}
		if (options.out) {
			const file = resolve(process.env.INIT_CWD ?? process.cwd(), options.out);
			mkdirSync(dirname(file), { recursive: true });
			writeFileSync(file, `${JSON.stringify({ at: new Date(), machine, options, reports }, null, "\t")}\n`);
		}
	}
} catch (error) {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
}
