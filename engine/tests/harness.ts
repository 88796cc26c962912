import type { WakeType } from "@agentplanner/contracts";
import { afterEach, beforeEach } from "vitest";
import { eventually } from "../../scripts/testing/eventually.ts";
import { type CreateEngineOptions, type Engine, type Relay, startRelay, type Workflow, workflow } from "../src/index.ts";
import { createObservations } from "./create-observations.ts";
import { type Observations, ownName, silent } from "./observations.ts";

export type ConformanceOptions = {
	/** A new engine in this process; `url` is the test's database, `slots` how many patient runs it has at once. */
	makeEngine(url: string, slots?: number): Promise<Engine>;
	/** How a worker in another process makes the same engine. */
	engineSettings(url: string): Omit<CreateEngineOptions, "log">;
	/** Longest until a run starts. */
	startMs: number;
	/** Longest until a failed run is tried again. */
	retryMs: number;
	/** Longest until the run of a killed worker starts again elsewhere. */
	recoveryMs: number;
	/** Most runs that 30 pushes of one wake may start. */
	repeats: number;
};

type Definition = Parameters<typeof workflow>[0];

/** Observations and engines of each test, let go of after it. */
export const useHarness = ({ makeEngine, startMs }: Pick<ConformanceOptions, "makeEngine" | "startMs">) => {
	let current: Observations | null = null;
	let engines: Engine[] = [];
	let relays: Relay[] = [];

	beforeEach(async () => {
		current = await createObservations();
	});
	afterEach(async () => {
		await Promise.all(relays.map((relay) => relay.stop()));
		relays = [];
		await Promise.all(engines.map((engine) => engine.stop()));
		engines = [];
		await current?.drop();
	});

	const seen = (): Observations => {
		if (!current) throw new Error("Used outside a test");
		return current;
	};
	const make = async (slots?: number): Promise<Engine> => {
		const engine = await makeEngine(seen().url, slots);
		engines.push(engine);
		return engine;
	};
	return {
		seen,
		makeEngine: make,
		/** An engine that works on these. */
		start: async (workflows: Workflow[], slots?: number): Promise<Engine> => {
			const engine = await make(slots);
			await engine.work(workflows);
			return engine;
		},
		stop: async (engine: Engine): Promise<void> => {
			engines = engines.filter((other) => other !== engine);
			await engine.stop();
		},
		relay: (engine: Engine, types: WakeType[]): Relay => {
			const { url, db } = seen();
			const relay = startRelay({ url, db, engine, types, log: silent });
			relays.push(relay);
			return relay;
		},
		/** A workflow under a name of its own that leaves a trace of each run. */
		traced: (label: string, definition: Partial<Definition> & Pick<Workflow, "on">, run?: Workflow["steps"][0]["run"]): Workflow =>
			workflow({
				name: ownName(label),
				retries: 0,
				timeoutMs: 10_000,
				...definition,
				run: async (input, context) => {
					await seen().ran(label, context);
					return run?.(input, context, {});
				},
			} as Definition),
		runsOf: (label: string, count: number, timeoutMs = startMs) =>
			eventually(
				`${count} runs of ${label}`,
				async () => {
					const runs = await seen().runs(label);
					return runs.length >= count && runs;
				},
				timeoutMs,
			),
	};
};
