// Everything that can be checked without a database or a browser, in seconds: npm run verify
import { type Check, inModules, runNode } from "./verify/check.ts";
import { docPaths } from "./verify/doc-paths.ts";
import { lockFile } from "./verify/lock-file.ts";
import { schemaDrift } from "./verify/schema-drift.ts";

const cruised = ["contracts", "db", "core", "engine", "adapters", "api", "worker", "frontend", "e2e", "bench", "scripts", "examples"];

const checks: Check[] = [
	{
		name: "format and lint",
		run: () => runNode([inModules("@biomejs", "biome", "bin", "biome"), "ci", "--colors=off", "--diagnostic-level=error", "."]),
	},
	{ name: "types", run: () => runNode([inModules("turbo", "bin", "turbo"), "run", "typecheck", "--output-logs=errors-only"]) },
	{ name: "types of the root", run: () => runNode([inModules("typescript-native", "bin", "tsc"), "-p", "tsconfig.json"]) },
	{
		name: "boundaries",
		run: () =>
			runNode([inModules("dependency-cruiser", "bin", "dependency-cruiser.mjs"), "--config", ".dependency-cruiser.mjs", ...cruised]),
	},
	{ name: "unused", run: () => runNode([inModules("knip", "bin", "knip.js"), "--no-progress"]) },
	schemaDrift,
	docPaths,
	lockFile,
];

const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const begun = performance.now();

const outcomes = await Promise.all(
	checks.map(async ({ name, run }) => {
		const startedAt = performance.now();
		const problem = await run().catch((error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error)));
		console.log(`${problem === null ? "ok  " : "FAIL"} ${name.padEnd(24)} ${seconds(startedAt).padStart(7)}`);
		return { name, problem };
	}),
);

const failures = outcomes.filter(({ problem }) => problem !== null);
for (const { name, problem } of failures) console.error(`\n── ${name}\n${problem}`);
console.log(failures.length === 0 ? `\nAll good in ${seconds(begun)}.` : `\n${failures.length} of ${checks.length} checks failed.`);
process.exitCode = failures.length === 0 ? 0 : 1;
