import { HatchetClient } from "@hatchet-dev/typescript-sdk";
import { type Engine, EngineUnavailableError } from "./engine.ts";
import { declareWorkflows } from "./hatchet/declare-workflow.ts";
import { dialEvents } from "./hatchet/dial-events.ts";
import { hatchetLogger } from "./hatchet/hatchet-logger.ts";
import { beforeWork, createEventPush } from "./hatchet/push-events.ts";
import { startWorkers, type WorkerHandle } from "./hatchet/start-worker.ts";
import { unavailable } from "./hatchet/unavailable.ts";
import type { RunLog } from "./workflow.ts";

export type HatchetEngineOptions = {
	token: string;
	/** Where gRPC answers; by default what the token says. */
	hostPort?: string;
	/** Where the REST API answers; by default what the token says. */
	apiUrl?: string;
	tls?: "none" | "tls" | "mtls";
	/** Shown in Hatchet's dashboard. */
	workerName: string;
	log: RunLog;
	/** Runs at once in this process: of patient workflows, and as many others beside them. */
	slots?: number;
};

/** A call of the REST API that takes longer has failed. */
const restTimeoutMs = 10_000;

const createClient = ({ token, hostPort, apiUrl, tls = "tls", log }: HatchetEngineOptions): HatchetClient => {
	try {
		const settings = {
			token,
			...(hostPort ? { host_port: hostPort } : {}),
			...(apiUrl ? { api_url: apiUrl } : {}),
			tls_config: { tls_strategy: tls },
			logger: hatchetLogger(log),
			// The relay backs off itself; the SDK's own retries would block it for 13 s.
			retrier: { maxAttempts: 1 },
			// Everything the SDK would read from the environment is said here.
			namespace: "",
			healthcheck: { enabled: false, port: 0 },
		};
		return HatchetClient.init(settings, undefined, { timeout: restTimeoutMs });
	} catch (error) {
		throw new EngineUnavailableError(
			`The Hatchet token can't be used: ${error instanceof Error ? error.message : String(error)}`,
			"Set HATCHET_CLIENT_TOKEN to a token made in Hatchet (Settings, API tokens), or choose ENGINE=postgres.",
			error,
		);
	}
};

/** Durable execution on Hatchet. */
export const createHatchetEngine = (options: HatchetEngineOptions): Engine => {
	const { workerName, log, slots = 50 } = options;
	const client = createClient(options);
	const address = client.config.host_port;
	const line = createEventPush((number) => dialEvents(client, number), address);
	const { promise: failed, resolve: onFatal } = Promise.withResolvers<Error>();
	let worker: WorkerHandle | null = null;

	return {
		name: "hatchet",
		push: async (wakes) => {
			if (!worker) throw beforeWork();
			return line.push(wakes);
		},
		work: async (workflows) => {
			// Asked first, since a registration without Hatchet takes 13 s to fail; afterwards a failure is about the workflows.
			await client.workers.list().catch((error: unknown) => {
				throw unavailable(error, address);
			});
			worker = await startWorkers({ ...declareWorkflows(workflows, client, log), client, name: workerName, slots, onFatal });
		},
		health: async () => {
			try {
				if (!worker) await client.workers.list();
				else if (!(await worker.isKnown()))
					return {
						ok: false,
						engine: "hatchet",
						detail: `Hatchet at ${address} doesn't count this worker as its own.`,
						remedy: "This passes within a minute after Hatchet was restarted; if it lasts, the worker ends and is started again.",
					};
			} catch (error) {
				const { message, remedy } = unavailable(error, address);
				return { ok: false, engine: "hatchet", detail: message, remedy };
			}
			return { ok: true, engine: "hatchet", detail: `Hatchet at ${address}`, remedy: null };
		},
		stop: async () => {
			await worker?.stop();
			line.close();
		},
		failed,
	};
};
