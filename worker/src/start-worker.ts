import { hostname } from "node:os";
import { adapterLabel, adapters as allAdapters } from "@agentplanner/adapters";
import { type Context, createKeys, endWorkerRun, openDatabase, readMetrics, startStamper, startWorkerRun } from "@agentplanner/core";
import { assertWorkflows, startRelay, type Workflow } from "@agentplanner/engine";
import type { Config } from "./config.ts";
import { createConnections } from "./connections.ts";
import { createGate } from "./gate.ts";
import { startHealthServer } from "./health-server.ts";
import { type Heartbeat, startHeartbeat } from "./heartbeat.ts";
import type { House } from "./house.ts";
import { createLeaseKeeper } from "./lease-keeper.ts";
import { startListening } from "./listening/start-listening.ts";
import type { Logger } from "./logger.ts";
import { openEngine } from "./open-engine.ts";
import { createWorkflows } from "./workflows/index.ts";

export type RunningWorker = {
	id: string;
	engine: string;
	/** Null when it is switched off. */
	healthPort: number | null;
	/** Resolves when the engine can't go on in this process. */
	failed: Promise<Error>;
	/** Lets what runs finish, then lets go of everything. */
	stop(): Promise<void>;
};

const wakeTypes = (workflows: Workflow[]) => [...new Set(workflows.flatMap((workflow) => workflow.on))];

/**
 * Opens the database, checks and registers the workflows, and only then starts the relay: Hatchet forgets what
 * nobody listens to yet. Of the integrations it serves those of `adapters`.
 */
export const startWorker = async (config: Config, log: Logger, adapters = allAdapters): Promise<RunningWorker> => {
	await using opened = new AsyncDisposableStack();
	const onError = (error: Error) => log.warn({ err: error }, "database connection lost");
	// On Hatchet as many short runs as patient ones ask at once. The rest is for the relay, the stamper, leases and heartbeats.
	const poolSize = 2 * config.engine.concurrency + 10;
	const db = openDatabase({ url: config.databaseUrl, name: "agentplanner-worker", poolSize, onError });
	opened.defer(() => db.close());
	const context: Context = {
		db: db.orm,
		actor: { type: "system", name: "worker" },
		requestId: null,
		traceId: null,
		now: () => new Date(),
		keys: createKeys(config.encryptionKey),
		adapterLabel,
	};
	// The api listens; this one only steps in where that is away.
	const stamper = startStamper({
		db,
		name: "agentplanner-worker",
		onError: (error) => log.warn({ err: error }, "stamper has to wait"),
	});
	opened.defer(() => stamper.close());

	const workerId = `${hostname()}-${process.pid}-${Date.now().toString(36)}`;
	const connections = createConnections(log, adapters);
	opened.defer(() => connections.close());
	const leases = createLeaseKeeper(context, workerId, log);
	opened.defer(() => leases.stop());
	const gate = createGate({ slots: config.engine.concurrency, log });
	const house: House = { context, connections, leases, gate, workerId, publicUrl: config.publicUrl, log };
	const workflows = createWorkflows(house);
	assertWorkflows(workflows);

	// Before any work is taken on, since the port may be another's.
	let heartbeat: Heartbeat | null = null;
	const sources = { read: () => heartbeat?.read() ?? null, metrics: () => readMetrics(context) };
	const health = config.healthPort === 0 ? null : await startHealthServer(config.healthPort, sources);
	if (health) opened.defer(() => health.close());

	const { engine, close } = await openEngine(config, workerId, log);
	opened.defer(close);
	opened.defer(() => engine.stop());
	await engine.work(workflows);
	// What it forgets to have pushed, it pushes again, under the same wake ids.
	const relayDb = openDatabase({ url: config.databaseUrl, name: "agentplanner-relay-work", poolSize: 4, mayForget: true, onError });
	opened.defer(() => relayDb.close());
	const relay = startRelay({ url: config.databaseUrl, db: relayDb, engine, types: wakeTypes(workflows), log });
	opened.defer(() => relay.stop());

	const runId = await startWorkerRun(context, { engine: engine.name, host: hostname() });
	// Without the database it shows as silent all the same.
	opened.defer(() => endWorkerRun(context, runId).catch((error: unknown) => log.warn({ err: error }, "end of the run not written")));
	heartbeat = startHeartbeat(context, runId, { engine, relay, log });
	opened.defer(() => heartbeat?.stop());

	const listening = startListening(house, adapters);
	opened.defer(() => listening.stop());

	const everything = opened.move();
	return {
		id: workerId,
		engine: engine.name,
		healthPort: health?.port ?? null,
		failed: engine.failed,
		stop: () => everything.disposeAsync(),
	};
};
