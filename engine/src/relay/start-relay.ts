import { type TimerType, timerTypes, type WakeType } from "@agentplanner/contracts";
import { type Database, listen } from "@agentplanner/db";
import { type Engine, EngineUnavailableError } from "../engine.ts";
import { withFields } from "../run/run-log.ts";
import type { RunLog } from "../workflow.ts";
import { createBackoff } from "./backoff.ts";
import { fireTimers, nextTimerMs } from "./fire-timers.ts";
import { startLane } from "./lane.ts";
import { pushOutbox } from "./push-outbox.ts";
import { type Backlog, readBacklog } from "./read-backlog.ts";

export type RelayHealth = Backlog & {
	/** What keeps it from working right now; null if nothing does. */
	lastError: string | null;
};

export type Relay = {
	/** Throws when the database can't be asked. */
	health(): Promise<RelayHealth>;
	/** Finishes the batch at hand and lets go of its connection. */
	stop(): Promise<void>;
};

export type RelayOptions = {
	/** For LISTEN, on a connection of its own. */
	url: string;
	db: Database;
	engine: Engine;
	/** What this build's workflows listen to; the rest waits for a newer worker. */
	types: readonly WakeType[];
	log: RunLog;
};

const isTimerType = (type: WakeType): type is TimerType => (timerTypes as readonly string[]).includes(type);

/**
 * Tells the engine of events in the outbox and of due timers, at least once and in no promised order. Start it after
 * `engine.work()`: an event pushed to Hatchet before its workflow is registered triggers nothing, ever. Several may run at once.
 */
export const startRelay = ({ url, db, engine, types, log: parentLog }: RelayOptions): Relay => {
	const log = withFields(parentLog, { subsystem: "relay" });
	const backoff = createBackoff();
	const errors = new Map<string, string>();

	const lane = (name: string, work: () => Promise<boolean>, nextMs?: () => Promise<number | null>) =>
		startLane({
			work,
			...(nextMs ? { nextMs } : {}),
			backoff,
			onError: (error) => {
				const message = error instanceof Error ? error.message : String(error);
				// The same trouble every few seconds is one line, not hundreds.
				if (errors.get(name) !== message)
					log.warn(
						{ lane: name, err: error, ...(error instanceof EngineUnavailableError ? { remedy: error.remedy } : {}) },
						"relay has to wait",
					);
				errors.set(name, message);
			},
			onSuccess: () => {
				if (errors.delete(name)) log.info({ lane: name }, "relay goes on");
				// A lane with nothing to push says nothing about an engine that the other one can't reach.
				if (errors.size === 0) backoff.succeeded();
			},
		});

	const eventTypes = types.filter((type) => !isTimerType(type));
	const dueTypes = types.filter(isTimerType);
	const outboxLane = lane("outbox", async () => eventTypes.length > 0 && pushOutbox({ db, engine, types: eventTypes, log }));
	const timerLane = lane(
		"timers",
		async () => dueTypes.length > 0 && fireTimers({ db, engine, types: dueTypes, log }),
		async () => (dueTypes.length > 0 ? nextTimerMs(db, dueTypes) : null),
	);
	const listener = listen({
		url,
		name: "agentplanner-relay",
		channels: ["outbox", "timers"],
		wake: (channel) => (channel === "outbox" ? outboxLane : timerLane).wake(),
		onError: (error) => log.warn({ err: error }, "relay lost its listening connection; it polls meanwhile"),
	});

	return {
		health: async () => ({ ...(await readBacklog(db)), lastError: errors.values().next().value ?? null }),
		stop: async () => {
			await listener.close();
			await Promise.all([outboxLane.stop(), timerLane.stop()]);
		},
	};
};
