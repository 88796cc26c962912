import { beatWorkerRun, type Context } from "@agentplanner/core";
import type { Engine, Relay } from "@agentplanner/engine";
import type { WorkerHealth } from "./health-server.ts";
import type { Logger } from "./logger.ts";

const beatMs = 1_000;
/** What is older says nothing about now. */
const staleAfterMs = 5_000;

/** `read`: how it stands now; null when that isn't known, before the first beat, after the last one, and while a beat hangs. */
export type Heartbeat = { read(): WorkerHealth | null; stop(): Promise<void> };

/** Writes a sign of life every second, with how engine and relay are; keeps the last one for the health server. */
export const startHeartbeat = (
	context: Context,
	workerId: string,
	{ engine, relay, log }: { engine: Engine; relay: Relay; log: Logger },
): Heartbeat => {
	let last: { at: number; health: WorkerHealth } | null = null;
	let beating: Promise<void> | null = null;
	let stopped = false;

	const keep = (health: WorkerHealth) => {
		last = { at: performance.now(), health };
		return health;
	};
	const beat = async () => {
		const engineHealth = await engine.health();
		keep({ engine: engineHealth, relay: null });
		await beatWorkerRun(context, workerId, keep({ engine: engineHealth, relay: await relay.health() }));
	};
	const tick = () => {
		beating ??= beat()
			.catch((error: unknown) => log.warn({ err: error }, "heartbeat not written"))
			.finally(() => {
				beating = null;
			});
	};
	const timer = setInterval(tick, beatMs);
	tick();
	return {
		read: () => (last && !stopped && performance.now() - last.at < staleAfterMs ? last.health : null),
		stop: async () => {
			stopped = true;
			clearInterval(timer);
			await beating;
		},
	};
};
