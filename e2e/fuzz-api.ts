import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { eventually } from "../scripts/testing/eventually.ts";
import { openRunFolder } from "../scripts/testing/run-folder.ts";
import { type Person, signIn } from "./support/person.ts";
import { type Product, startProduct } from "./support/product.ts";
import { root } from "./support/root.ts";

/*
 * `npm run fuzz`: Schemathesis makes requests out of the OpenAPI document, good ones and bad ones, and holds the answers against it.
 * It needs Python 3.10 or newer, and PyPI once. Ends with Schemathesis' exit code: 0 when nothing was found.
 */

const version = "4.32.5";
const usage = "Usage: npm run fuzz -- [--examples 30] [--seed 1] [--only operationId]";

const { examples, seed, only } = parseArgs({
	options: {
		examples: { type: "string", default: "30" },
		seed: { type: "string", default: "1" },
		only: { type: "string" },
	},
}).values;
for (const number of [examples, seed]) if (!/^\d+$/.test(number)) throw new Error(usage);

const run = async (command: string, args: string[], env: Record<string, string> = {}): Promise<number> => {
	const child = spawn(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
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

/** Ids of things that exist, since made-up ones only ever meet a 404. */
const furnish = async ({ must, projectId }: Person): Promise<Record<string, string>> => {
	const base = `/projects/${projectId}`;
	type List = { items: { id: string }[] };
	const first = async (path: string) => (await must<List>("GET", `${base}/${path}`)).items[0]?.id ?? "";
	const plan = await first("plans");
	const { nodes } = await must<{ nodes: { id: string }[] }>("GET", `${base}/plans/${plan}`);
	const node = nodes.at(-1)?.id ?? "";
	const request = await must<{ id: string }>("POST", `${base}/requests`, { node_id: node, question: "later, please" });
	const delivery = await eventually("the request is delivered", () => first(`deliveries?agent_request_id=${request.id}`));
	return {
		FUZZ_PROJECT: projectId,
		FUZZ_PLAN: plan,
		FUZZ_NODE: node,
		FUZZ_AGENT: await first("agents"),
		FUZZ_INTEGRATION: await first("integrations"),
		FUZZ_REQUEST: request.id,
		FUZZ_DELIVERY: delivery,
	};
};

const accessToken = async ({ url, login }: Product): Promise<string> => {
	const response = await fetch(`${url}/api/v1/auth/token`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify(login),
	});
	return ((await response.json()) as { access_token: string }).access_token;
};

const program = await install();
await using _ = openRunFolder();
await using product = await startProduct();
const things = await furnish(await signIn(product.url, product.login));

const fuzz = (title: string, token: string, selection: string[]): Promise<number> => {
	process.stdout.write(`\n${title}\n`);
	return run(
		program,
		[
			...["--config-file", join(root, "e2e", "schemathesis.toml"), "run", `${product.url}/api/openapi.json`],
			...["--url", `${product.url}/api/v1`],
			...["--phases", "examples,coverage,fuzzing,stateful", "--checks", "all", "--mode", "all", "--continue-on-failure"],
			...["--max-examples", examples, "--seed", seed, "--request-timeout", "20"],
			...["--generation-database", "none", "--no-color"],
			...selection,
		],
		{ ...things, FUZZ_TOKEN: token },
	);
};

// What ends a session has a run and a session of its own. All begin now: guessed passwords will close the door to sign-ins.
const enders = ["auth.logout", "auth.endSession"];
const tokens = await Promise.all([product, product, product].map(accessToken));
const selections = [enders.flatMap((id) => ["--exclude-operation-id", id]), ...enders.map((id) => ["--include-operation-id", id])];
const codes: number[] = [];
for (const [index, selection] of (only ? [["--include-operation-id", only]] : selections).entries())
	codes.push(await fuzz(selection.join(" "), tokens[index] ?? "", selection));
process.exitCode = Math.max(...codes);
