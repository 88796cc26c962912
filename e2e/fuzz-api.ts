import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { openRunFolder } from "../scripts/testing/run-folder.ts";
import { furnish } from "./support/furnish.ts";
import { signIn } from "./support/person.ts";
import { type Product, startProduct } from "./support/product.ts";
import { root } from "./support/root.ts";

/*
 * `npm run fuzz`: Schemathesis makes requests out of the OpenAPI document, good ones and bad ones, and holds the answers against it.
 * It needs Python 3.10 or newer, and PyPI once. Ends with Schemathesis' exit code: 0 when nothing was found.
 */

const version = "4.32.5";
const usage = "Usage: npm run fuzz -- [--examples 30] [--seed 1] [--only operationId,operationId]";

const { examples, seed, only } = parseArgs({
	options: {
		examples: { type: "string", default: "30" },
		seed: { type: "string", default: "1" },
		only: { type: "string" },
	},
}).values;
for (const number of [examples, seed]) if (!/^\d+$/.test(number)) throw new Error(usage);

const run = async (command: string, args: string[]): Promise<number> => {
	const child = spawn(command, args, { cwd: root, stdio: "inherit" });
	const [code] = (await once(child, "close").catch((error: Error) => {
		throw new Error(`${command} could not be started: ${error.message}. The fuzzer needs Python 3.10 or newer with venv.`);
	})) as [number | null];
	return code ?? 1;
};

/** The pinned Schemathesis in a virtual environment in the user's cache, made at the first run. */
const install = async (): Promise<string> => {
	const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "agentplanner", `schemathesis-${version}`);
	const program = join(folder, "bin", "schemathesis");
	if (existsSync(program)) return program;
	mkdirSync(folder, { recursive: true });
	if ((await run("python3", ["-m", "venv", folder])) !== 0) throw new Error("python3 -m venv failed: see above.");
	if ((await run(join(folder, "bin", "pip"), ["install", "--quiet", `schemathesis==${version}`])) !== 0)
		throw new Error("Schemathesis could not be installed: see above.");
	return program;
};

const accessToken = async ({ url, login }: Product): Promise<string> => {
	const response = await fetch(`${url}/api/v1/auth/token`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify(login),
	});
	return ((await response.json()) as { access_token: string }).access_token;
};

type Scenario = {
	ScenarioFinished?: { recorder: { label: string; interactions?: Record<string, { response?: { status_code: number } | null }> } };
};

/** Operations that gave no 2xx at all: of these only refusals were looked at, so something is missing in support/furnish.ts. */
const findNeverAccepted = async (files: string[]): Promise<string[]> => {
	const accepted = new Map<string, boolean>();
	for (const file of files)
		for await (const line of createInterface({ input: createReadStream(file) })) {
			const { recorder } = (JSON.parse(line) as Scenario).ScenarioFinished ?? {};
			// Sequences of several operations have no label of one.
			if (!recorder || recorder.label === "Stateful tests") continue;
			const isAccepted = Object.values(recorder.interactions ?? {}).some(({ response }) => response && response.status_code < 300);
			accepted.set(recorder.label, isAccepted || (accepted.get(recorder.label) ?? false));
		}
	return [...accepted].flatMap(([label, isAccepted]) => (isAccepted ? [] : [label])).sort();
};

const program = await install();
await using folder = openRunFolder();
await using product = await startProduct();
const furnished = await furnish(product.url, await signIn(product.url, product.login));

// Filled in by us: Schemathesis puts no variables into dictionaries.
const template = readFileSync(join(root, "e2e", "schemathesis.toml"), "utf8");
const config = join(folder.path, "schemathesis.toml");
const reports: string[] = [];

/** An id that isn't there would make a 404 of every request, and go unseen. */
const fillIn = (token: string): string =>
	template.replace(/\$\{FUZZ_(\w+)\}/g, (_, name: string) => {
		const value = { ...furnished, TOKEN: token }[name];
		if (!value) throw new Error(`e2e/schemathesis.toml names FUZZ_${name}, which e2e/support/furnish.ts doesn't make.`);
		return value;
	});

const fuzz = (title: string, token: string, selection: string[]): Promise<number> => {
	process.stdout.write(`\n${title}\n`);
	const report = join(folder.path, `fuzz-${reports.length}.ndjson`);
	reports.push(report);
	writeFileSync(config, fillIn(token));
	return run(program, [
		...["--config-file", config, "run", `${product.url}/api/openapi.json`, "--url", `${product.url}/api/v1`],
		...["--phases", "examples,coverage,fuzzing,stateful", "--checks", "all", "--mode", "all", "--continue-on-failure"],
		...["--max-examples", examples, "--seed", seed, "--request-timeout", "20"],
		...["--generation-database", "none", "--no-color", "--report", "ndjson", "--report-ndjson-path", report],
		...selection,
	]);
};

// What ends a session has a run and a session of its own. All begin now: guessed passwords will close the door to sign-ins.
const enders = ["auth.logout", "auth.endSession"];
const tokens = await Promise.all([product, product, product].map(accessToken));
const selections = [enders.flatMap((id) => ["--exclude-operation-id", id]), ...enders.map((id) => ["--include-operation-id", id])];
const codes: number[] = [];
for (const [index, selection] of (only ? [only.split(",").flatMap((id) => ["--include-operation-id", id])] : selections).entries())
	codes.push(await fuzz(selection.join(" "), tokens[index] ?? "", selection));
const neverAccepted = await findNeverAccepted(reports);
process.stdout.write(
	`\nOperations that nothing was accepted by: ${neverAccepted.length}\n${neverAccepted.map((label) => `  ${label}\n`).join("")}`,
);
process.exitCode = Math.max(...codes);
