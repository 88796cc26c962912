import { beatWorkerRun, type Context } from "@agentplanner/core";
import type { Engine, EngineHealth, Relay } from "@agentplanner/engine";
import type { WorkerHealth } from "./health-server.ts";
import type { Logger } from "./logger.ts";

const beatMs = 1_000;
/** An engine that takes longer to say how it is doesn't answer. */
const engineMs = 2_000;
/** What is older says nothing about now. */
const staleAfterMs = 5_000;

/** How the engine is, or that it doesn't say; it is asked again only once it has answered. */
const createEngineCheck = (engine: Engine) => {
	let asked: Promise<EngineHealth> | null = null;
	const silent: EngineHealth = {
		ok: false,
		engine: engine.name,
		detail: `The engine doesn't answer within ${engineMs / 1_000} s.`,
		remedy: "Look at the engine's own log; work waits and goes on by itself.",
	};
	return async (): Promise<EngineHealth> => {
		asked ??= engine
			.health()
			.catch((error: unknown) => ({
				...silent,
				detail: `The engine can't say how it is: ${error instanceof Error ? error.message : error}`,
			}))
			.finally(() => {
				asked = null;
			});
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<EngineHealth>((resolve) => {
			timer = setTimeout(() => resolve(silent), engineMs);
		});
		return Promise.race([asked, late]).finally(() => clearTimeout(timer));
	};
};

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

	const readEngine = createEngineCheck(engine);
	const keep = (health: WorkerHealth) => {
		last = { at: performance.now(), health };
		return health;
	};
	const beat = async () => {
		const engineHealth = await readEngine();
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
