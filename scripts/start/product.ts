import { join } from "node:path";
import { MigrationBlockedError, migrateDatabase } from "@agentplanner/db";
import { banner } from "./banner.ts";
import { prepareDataFolder } from "./data-folder.ts";
import { prepareDemo } from "./demo.ts";
import { readEncryptionKey } from "./encryption-key.ts";
import { buildFrontend, isFrontendStale } from "./frontend.ts";
import { type HatchetReady, type HatchetSettings, hatchetDatabase, hatchetPorts, hatchetSettings } from "./hatchet.ts";
import { nodeSettings } from "./node-settings.ts";
import type { Options } from "./options.ts";
import { assertPortFree } from "./ports.ts";
import { runPostgres } from "./postgres.ts";
import { publicUrl } from "./public-url.ts";
import { claimDataFolder } from "./running.ts";
import { secretSetting } from "./secret-setting.ts";
import { runService, type Service } from "./service.ts";
import { messageOf, StartError } from "./start-error.ts";
import { stopSignal } from "./stop-signal.ts";

/** The worker gives what runs 30 s to end. */
const workerGraceMs = 35_000;
const graceMs = 8_000;
const apiReadyMs = 30_000;
const workerReadyMs = 60_000;
/** Its first start fetches and prepares the engine. */
const hatchetReadyMs = 150_000;

const print = (line: string) => process.stdout.write(`${line}\n`);

const aborted = (signal: AbortSignal) =>
	new Promise<void>((resolve) => {
		if (signal.aborted) resolve();
		else signal.addEventListener("abort", () => resolve(), { once: true });
	});

const environment = (env: NodeJS.ProcessEnv, own: Record<string, string | undefined>): Record<string, string> => {
	const all = { ...env, ...own };
	return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ""));
};

const migrate = (url: string, embedded: boolean) =>
	migrateDatabase(url, { onBlocked: print }).catch((error: unknown) => {
		const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
		throw new StartError(
			embedded || cause instanceof MigrationBlockedError
				? `The database could not be brought up to date: ${messageOf(cause)}`
				: `The database in DATABASE_URL can't be used (${messageOf(cause) || "no connection"}). Check that PostgreSQL 18 runs there and that the address, user and password are right.`,
		);
	});

export const runProduct = async (options: Options, env: NodeJS.ProcessEnv): Promise<void> => {
	const { dataDir, port, host } = options;
	prepareDataFolder(dataDir);
	const stop = stopSignal(print);
	const running = await claimDataFolder(dataDir, print);
	/** What was started, undone in reverse order. */
	const started: { name: string; stop(): Promise<void> }[] = [];
	const begin = (
		name: string,
		script: string,
		own: () => Record<string, string | undefined>,
		more: { readyLine?: RegExp; graceMs?: number; onReady?: (message: unknown) => void } = {},
	): Service => {
		const service = runService(
			{
				name,
				script,
				env: () => environment(env, { ...nodeSettings(env), ...own() }),
				logFile: join(dataDir, "logs", `${name.replaceAll(" ", "-")}.log`),
				...(more.readyLine ? { readyLine: more.readyLine } : {}),
			},
			{ print, onPid: (pid) => running.setService(name, pid), ...(more.onReady ? { onReady: more.onReady } : {}) },
		);
		started.push({ name, stop: () => service.stop(more.graceMs ?? graceMs) });
		return service;
	};

	try {
		await assertPortFree(port, host);
		const encryptionKey = readEncryptionKey(dataDir, env);
		let databaseUrl = secretSetting(env, "DATABASE_URL");
		const embedded = databaseUrl === null;
		if (databaseUrl === null) {
			print("Starting the database…");
			const postgres = await runPostgres(join(dataDir, "postgres"), { print, onPid: (pid) => running.setService("postgres", pid) });
			started.push({ name: "PostgreSQL", stop: postgres.stop });
			databaseUrl = postgres.url;
		}
		if (!env.FRONTEND_DIR && isFrontendStale()) {
			print("Building the pages…");
			await buildFrontend();
		}
		await migrate(databaseUrl, embedded);
		const demo = await prepareDemo({ databaseUrl, encryptionKey, dataDir, wanted: options.demo });
		if (stop.aborted) return;

		const { url, notes: urlNotes } = publicUrl(host, port, env.PUBLIC_URL);
		running.update({ url, databaseUrl, engine: options.engine });
		const shared = {
			DATABASE_URL: databaseUrl,
			DATABASE_URL_FILE: undefined,
			ENCRYPTION_KEY: encryptionKey,
			ENCRYPTION_KEY_FILE: undefined,
			ENGINE: options.engine,
			PUBLIC_URL: url,
			HOST: host,
			DATA_DIR: dataDir,
		};
		const services: Promise<boolean>[] = [];
		if (demo.echoAgent) {
			const { port, signingSecret } = demo.echoAgent;
			services.push(
				begin("echo agent", "examples/echo-agent/echo-agent.ts", () => ({ PORT: String(port), SIGNING_SECRET: signingSecret }), {
					readyLine: /listens on/,
				}).ready(apiReadyMs),
			);
		}
		print(options.worker ? "Starting api and worker…" : "Starting the api…");
		const api = begin("api", "api/src/main.ts", () => ({ ...shared, PORT: String(port) }));
		let worker: Service | null = null;
		let hatchet: HatchetSettings | null = null;
		if (options.worker) {
			if (options.engine === "hatchet" && !secretSetting(env, "HATCHET_CLIENT_TOKEN")) {
				const ports = await hatchetPorts();
				const database = hatchetDatabase(databaseUrl);
				const engine = begin("hatchet", "scripts/start/run-embedded-hatchet.ts", () => ({ ...ports, DATABASE_URL: database }), {
					onReady: (message) => {
						const before = hatchet;
						hatchet = hatchetSettings(message as HatchetReady);
						// A token of keys that are no more would never be accepted again.
						if (before && before.HATCHET_CLIENT_TOKEN !== hatchet.HATCHET_CLIENT_TOKEN) worker?.restart();
					},
				});
				if (!(await Promise.race([engine.ready(hatchetReadyMs), aborted(stop)])) && !stop.aborted)
					throw new StartError(`Hatchet did not start within ${hatchetReadyMs / 1000} s. Its log: ${join(dataDir, "logs", "hatchet.log")}`);
			}
			worker = begin("worker", "worker/src/main.ts", () => ({ ...shared, ...hatchet, WORKER_HEALTH_PORT: env.WORKER_HEALTH_PORT || "0" }), {
				graceMs: workerGraceMs,
			});
		}
		const all = Promise.all([api.ready(apiReadyMs), worker?.ready(workerReadyMs) ?? Promise.resolve(true), ...services]);
		const [apiReady, workerReady] = await Promise.race([all, aborted(stop).then(() => [false, false])]);
		const notes = [
			...urlNotes,
			...(apiReady ? [] : [`the api is still starting; its log is ${join(dataDir, "logs", "api.log")}`]),
			...(workerReady
				? []
				: [`the worker is still starting; requests are kept until it is there (${join(dataDir, "logs", "worker.log")})`]),
			...(worker ? [] : ["no worker runs here; requests are kept until one runs elsewhere"]),
		];
		if (!stop.aborted) {
			const database = embedded ? "embedded PostgreSQL" : "DATABASE_URL";
			print(banner({ url, options, login: demo.login, hasUsers: demo.hasUsers, database, notes }));
			process.send?.({ type: "ready", url });
			await aborted(stop);
		}
		print("Stopping…");
	} finally {
		for (const { name, stop: end } of started.reverse())
			await end().catch((error: unknown) => print(`${name} did not stop cleanly: ${messageOf(error)}`));
		running.remove();
	}
	print("Stopped.");
};
