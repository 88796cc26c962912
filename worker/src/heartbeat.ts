import { beatWorkerRun, type Context } from "@agentplanner/core";
import type { Engine, Relay } from "@agentplanner/engine";
import type { WorkerHealth } from "./health-server.ts";
import type { Logger } from "./logger.ts";

const beatMs = 1_000;

export type Heartbeat = { read(): WorkerHealth | null; stop(): Promise<void> };

/** Writes a sign of life every second, with how engine and relay are; keeps the last one for the health server. */
export const startHeartbeat = (
	context: Context,
	workerId: string,
	{ engine, relay, log }: { engine: Engine; relay: Relay; log: Logger },
): Heartbeat => {
	let last: WorkerHealth | null = null;
	let beating: Promise<void> | null = null;

	const beat = async () => {
		const engineHealth = await engine.health();
		last = { engine: engineHealth, relay: null };
		last = { engine: engineHealth, relay: await relay.health() };
		await beatWorkerRun(context, workerId, last);
	};
	const timer = setInterval(() => {
		beating ??= beat()
			.catch((error: unknown) => log.warn({ err: error }, "heartbeat not written"))
			.finally(() => {
				beating = null;
			});
	}, beatMs);
	return {
		read: () => last,
		stop: async () => {
			clearInterval(timer);
			await beating;
		},
	};
};
