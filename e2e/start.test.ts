import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { freePort } from "../scripts/start/ports.ts";
import { isAlive } from "../scripts/start/processes.ts";
import { eventually } from "../scripts/testing/eventually.ts";
import { signIn } from "./support/person.ts";
import { awaitReady, engine, launch, makeDataFolder, startProduct } from "./support/product.ts";

const dataFolder = () => {
	const folder = makeDataFolder();
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
};

/** Runs the start until it ends by itself. */
const startOnce = async (args: string[], env: Record<string, string> = {}) => {
	const { output, exit } = launch("scripts/start.ts", args, env);
	const code = await exit;
	return { code, output: output().trim() };
};

describe("a start that can't succeed says why in one sentence and ends with code 1", () => {
	test.each([
		[["--prot", "3000"], "Unknown option '--prot'. \"npm start -- --help\" lists the options."],
		[["--port", "http"], '--port must be a number from 1 to 65535, not "http".'],
		[["--port", "70000"], '--port must be a number from 1 to 65535, not "70000".'],
		[["--engine", "redis"], 'The engine "redis" does not exist: --engine is hatchet or postgres.'],
		[["--data", ""], "--data needs the name of a folder."],
		[["everything"], "Unexpected argument 'everything'"],
	])("with %j", async (args, message) => {
		const { code, output } = await startOnce(args);
		expect(output).toContain(message);
		expect(output.split("\n")).toHaveLength(1);
		expect(code).toBe(1);
	});

	test("when the port is taken", async () => {
		const other = createServer();
		await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
		onTestFinished(() => void other.close());
		const { port } = other.address() as AddressInfo;
		const { code, output } = await startOnce(["--port", String(port), "--data", dataFolder()]);
		expect(output).toBe(`Port ${port} is taken by another program. Choose another one: npm start -- --port ${port + 1}`);
		expect(code).toBe(1);
	});

	test("when the data folder is a file", async () => {
		const file = join(dataFolder(), "file");
		writeFileSync(file, "");
		const { code, output } = await startOnce(["--data", file]);
		expect(output).toContain(`Cannot write to the data folder ${file}`);
		expect(output).toContain("--data DIR");
		expect(code).toBe(1);
	});

	test.runIf(process.getuid?.() === 0)("when PostgreSQL may not enter the data folder", async () => {
		const closed = join(dataFolder(), "closed");
		mkdirSync(closed);
		chmodSync(closed, 0o700);
		const { code, output } = await startOnce(["--data", join(closed, "data"), "--port", String(await freePort())]);
		expect(output).toContain(`may not enter ${closed}`);
		expect(output).toContain("DATA_DIR");
		expect(code).toBe(1);
	});

	test("when DATABASE_URL leads nowhere", async () => {
		const env = { DATABASE_URL: `postgresql://nobody@127.0.0.1:${await freePort()}/nothing` };
		const { code, output } = await startOnce(["--data", dataFolder(), "--port", String(await freePort())], env);
		expect(output).toContain("The database in DATABASE_URL can't be used");
		expect(code).toBe(1);
	});

	test("when the encryption key is no key", async () => {
		const { code, output } = await startOnce(["--data", dataFolder(), "--port", String(await freePort())], { ENCRYPTION_KEY: "secret" });
		expect(output).toBe("ENCRYPTION_KEY must be 32 bytes as base64. Make one with: openssl rand -base64 32");
		expect(code).toBe(1);
	});
});

test("--help says what can be chosen", async () => {
	const { code, output } = await startOnce(["--help"]);
	expect(output).toContain("--engine postgres|hatchet");
	expect(code).toBe(0);
});

test.each(["api/src/main.ts", "worker/src/main.ts"])("%s without settings lists everything that is missing", async (script) => {
	const { output, exit } = launch(script, [], { LOG_LEVEL: "loud" });
	expect(await exit).toBe(1);
	expect(output()).toContain("DATABASE_URL is missing");
	expect(output()).toContain("ENCRYPTION_KEY is missing");
	expect(output()).toContain("LOG_LEVEL must be one of");
	expect(output()).not.toContain("    at ");
});

test("a first and a second start: same login, same data, everything ends in order", async () => {
	const dataDir = dataFolder();
	const first = await startProduct({ dataDir });
	onTestFinished(async () => void (await first.stop()));
	expect(first.output()).toContain(`AgentPlanner runs at ${first.url}`);
	expect(first.output()).toContain(`Password  ${first.login.password}`);
	expect(first.output()).toMatch(/^Starting the database…\n(Building the pages…\n)?Starting api and worker…\n/);
	expect(first.output()).toContain("--engine hatchet");
	const logFiles = ["logs/api.log", "logs/worker.log"];
	await eventually("both have written a line", () => logFiles.every((file) => existsSync(join(dataDir, file))));
	for (const file of ["demo-login.json", "encryption-key", "running.json", ...logFiles])
		expect([file, statSync(join(dataDir, file)).mode & 0o777]).toEqual([file, 0o600]);
	expect(statSync(join(dataDir, "logs")).mode & 0o777).toBe(0o700);

	const again = await startOnce(["--data", dataDir, "--port", String(await freePort())]);
	expect(again.output).toContain(`already runs on ${dataDir} at ${first.url}`);
	expect(again.code).toBe(1);

	const pids = Object.values(first.running().services).map(({ pid }) => pid);
	expect(pids).toHaveLength(4);
	expect(await first.stop()).toBe(0);
	expect(pids.filter(isAlive)).toEqual([]);
	expect(existsSync(join(dataDir, "running.json"))).toBe(false);

	const second = await startProduct({ dataDir });
	onTestFinished(async () => void (await second.stop()));
	process.stdout.write(`First start ${first.startedInMs} ms, second ${second.startedInMs} ms\n`);
	expect(second.startedInMs).toBeLessThan(10_000);
	expect(second.login).toEqual(first.login);
	const person = await signIn(second.url, second.login);
	const plans = await person.must<{ items: { title: string }[] }>("GET", `/projects/${person.projectId}/plans`);
	expect(plans.items.map((plan) => plan.title)).toEqual(["Launch the spring release"]);
	expect(await second.stop()).toBe(0);
});

test("a forgotten password is made anew beside the running product, also for the demo's next start", async () => {
	const product = await startProduct();
	onTestFinished(() => product[Symbol.asyncDispose]());
	const reset = async (email: string) => {
		const { output, exit } = launch("scripts/reset-password.ts", [email], { DATA_DIR: product.dataDir });
		return { code: await exit, output: output() };
	};
	expect(await reset("nobody@example.org")).toEqual({ code: 1, output: "No account has the e-mail address nobody@example.org.\n" });
	const { code, output } = await reset(product.login.email);
	expect(code).toBe(0);
	const password = /shown this once: (\S+)/.exec(output)?.[1] ?? "";
	expect(password).not.toBe(product.login.password);
	await signIn(product.url, { email: product.login.email, password });
	expect(JSON.parse(readFileSync(join(product.dataDir, "demo-login.json"), "utf8"))).toEqual({ email: product.login.email, password });
});

test("a start that was killed leaves nothing that the next one can't take over", async () => {
	const dataDir = dataFolder();
	const first = await startProduct({ dataDir });
	const { services } = first.running();
	const starter = JSON.parse(readFileSync(join(dataDir, "running.json"), "utf8")).starter.pid as number;
	process.kill(starter, "SIGKILL");
	await eventually("the start is gone", () => !isAlive(starter));

	const second = await startProduct({ dataDir });
	onTestFinished(async () => void (await second.stop()));
	for (const [name, { pid }] of Object.entries(services)) if (name !== "postgres") expect([name, isAlive(pid)]).toEqual([name, false]);
	expect(second.running().services.postgres?.pid).toBe(services.postgres?.pid);
	await signIn(second.url, second.login);
	expect(await second.stop()).toBe(0);
});

test("a start whose logs were removed goes on, and writes new ones", async () => {
	const product = await startProduct();
	onTestFinished(() => product[Symbol.asyncDispose]());
	const logs = join(product.dataDir, "logs");
	rmSync(logs, { recursive: true });
	await product.killAndAwaitRestart("api");
	await eventually("the api writes its log again", () => existsSync(join(logs, "api.log")));
	await eventually("it answers", () => signIn(product.url, product.login));
	expect(await product.stop()).toBe(0);
});

describe("a start whose terminal is gone stops in order", () => {
	const started = async () => {
		const dataDir = dataFolder();
		const port = await freePort();
		const start = launch("scripts/start.ts", ["--data", dataDir, "--port", String(port), "--engine", engine]);
		onTestFinished(() => void start.child.kill("SIGTERM"));
		await awaitReady(start, 120_000);
		const running = JSON.parse(readFileSync(join(dataDir, "running.json"), "utf8")) as { services: Record<string, { pid: number }> };
		const pids = Object.values(running.services).map(({ pid }) => pid);
		expect(pids.length).toBeGreaterThan(3);
		expect(pids.filter((pid) => !isAlive(pid))).toEqual([]);
		const closePipes = () => {
			start.child.stdout?.destroy();
			start.child.stderr?.destroy();
		};
		const left = () => ({ alive: pids.filter(isAlive), claimed: existsSync(join(dataDir, "running.json")) });
		return { ...start, closePipes, left, api: running.services.api?.pid ?? 0 };
	};

	test("when Ctrl-C ends what it was piped into, too", async () => {
		const { child, closePipes, exit, left } = await started();
		closePipes();
		child.kill("SIGINT");
		expect(await exit).toBe(0);
		expect(left()).toEqual({ alive: [], claimed: false });
	});

	test("when it notices by itself", async () => {
		const { closePipes, exit, left, api } = await started();
		closePipes();
		// Of which it wants to tell.
		process.kill(api, "SIGKILL");
		expect(await exit).toBe(0);
		expect(left()).toEqual({ alive: [], claimed: false });
	});
});
