import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../scripts/start/ports.ts";
import { endsWithParent } from "../../scripts/testing/ends-with-parent.ts";
import { eventually } from "../../scripts/testing/eventually.ts";
import { root } from "./root.ts";

type Running = { url: string; databaseUrl: string; services: Record<string, { pid: number }> };

export type Product = {
	url: string;
	port: number;
	dataDir: string;
	login: { email: string; password: string };
	startedInMs: number;
	output(): string;
	running(): Running;
	/** `kill -9` of the api, the worker or postgres; resolves once it runs again under another process id. */
	killAndAwaitRestart(service: string): Promise<void>;
	/** As Ctrl-C does; resolves with the exit code. */
	stop(): Promise<number | null>;
	/** Stops what still runs and deletes the data. */
	[Symbol.asyncDispose](): Promise<void>;
};

/** A folder that the system user `postgres` may enter, which the usual temporary folder forbids. */
export const makeDataFolder = (): string => {
	const folder = mkdtempSync(join(tmpdir(), "agentplanner-e2e-"));
	chmodSync(folder, 0o755);
	return folder;
};

/** E2E_ENGINE=hatchet runs the same tests on Hatchet. */
export const engine: string = process.env.E2E_ENGINE ?? "postgres";

/** The environment without whatever would choose parts for the product. */
const cleanEnvironment = (more: Record<string, string>): NodeJS.ProcessEnv => {
	const { PATH, HOME, TMPDIR, LANG, FRONTEND_DIR } = process.env;
	const hatchet = engine === "hatchet" ? Object.entries(process.env).filter(([name]) => name.startsWith("HATCHET_")) : [];
	return { PATH, HOME, TMPDIR, LANG, FRONTEND_DIR, ...Object.fromEntries(hatchet), ...more };
};

export type Launch = { child: ChildProcess; output(): string; exit: Promise<number | null> };

/** Runs one of our scripts as a process of its own. */
export const launch = (script: string, args: string[], env: Record<string, string> = {}): Launch => {
	const child = spawn(process.execPath, [...endsWithParent, script, ...args], {
		cwd: root,
		env: cleanEnvironment(env),
		stdio: ["ignore", "pipe", "pipe", "ipc"],
	});
	let text = "";
	for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (text += chunk));
	const exit = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
	return { child, output: () => text, exit };
};

/** Waits for the process's `ready`; throws with its output when it ends before. */
export const awaitReady = async ({ child, output, exit }: Launch, timeoutMs: number): Promise<void> => {
	const ready = new Promise<true>((resolve) =>
		child.on("message", (message: { type?: string }) => {
			if (message.type === "ready") resolve(true);
		}),
	);
	const late = AbortSignal.timeout(timeoutMs);
	const tooLate = new Promise<false>((resolve) => late.addEventListener("abort", () => resolve(false)));
	const outcome = await Promise.race([ready, tooLate, exit.then(() => null)]);
	if (!outcome) throw new Error(`${outcome === null ? "It ended" : `Not ready after ${timeoutMs} ms`}:\n${output()}`);
};

type ProductOptions = {
	engine?: { name: string; env?: Record<string, string> };
	args?: string[];
	env?: Record<string, string>;
	dataDir?: string;
};

/** Starts everything as `npm start` does, on a free port. `dataDir` given: as a second start on it. */
export const startProduct = async (options: ProductOptions = {}): Promise<Product> => {
	const dataDir = options.dataDir ?? makeDataFolder();
	const port = await freePort();
	const begun = performance.now();
	const started = launch(
		"scripts/start.ts",
		["--data", dataDir, "--port", String(port), "--engine", options.engine?.name ?? engine, ...(options.args ?? [])],
		{ ...options.engine?.env, ...options.env },
	);
	const { child, output, exit } = started;
	const stop = async () => {
		if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
		return exit;
	};
	try {
		await awaitReady(started, 120_000);
	} catch (error) {
		await stop();
		if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
		throw error;
	}
	const startedInMs = Math.round(performance.now() - begun);
	const read = <T>(file: string) => JSON.parse(readFileSync(join(dataDir, file), "utf8")) as T;
	const running = () => read<Running>("running.json");
	return {
		url: running().url,
		port,
		dataDir,
		login: existsSync(join(dataDir, "demo-login.json")) ? read("demo-login.json") : { email: "", password: "" },
		startedInMs,
		output,
		running,
		killAndAwaitRestart: async (service) => {
			const pid = running().services[service]?.pid;
			if (pid === undefined) throw new Error(`No ${service} runs.`);
			process.kill(pid, "SIGKILL");
			await eventually(`${service} runs again`, () => {
				const now = running().services[service]?.pid;
				return now !== undefined && now !== pid;
			});
		},
		stop,
		[Symbol.asyncDispose]: async () => {
			await stop();
			if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
		},
	};
};
