import type { HatchetClient } from "@hatchet-dev/typescript-sdk";
import { watchWorker } from "./watch-worker.ts";

type Registered = NonNullable<NonNullable<Parameters<HatchetClient["worker"]>[1]> & object>["workflows"];

export type WorkerHandle = { isKnown(): Promise<boolean>; stop(): Promise<void> };

type Common = {
	client: HatchetClient;
	running: Set<Promise<unknown>>;
	name: string;
	slots: number;
	onFatal: (reason: Error) => void;
};
type Options = Common & { workflows: Registered };

const signals = ["SIGTERM", "SIGINT"] as const;

/**
 * The SDK stops its worker on signals by itself. So does whoever started this engine, in their own order, and the two stops
 * would wait for each other (hatchet-dev/hatchet#4998): the SDK's handlers are taken off again.
 */
const withoutSignalHandlers = <T>(make: () => Promise<T>): Promise<T> => {
	const before = new Map(signals.map((signal) => [signal, new Set(process.listeners(signal))]));
	// The SDK adds them before it first waits for anything.
	const making = make();
	for (const signal of signals)
		for (const listener of process.listeners(signal)) if (!before.get(signal)?.has(listener)) process.off(signal, listener);
	return making;
};

/** Registers the workflows, which must be done before anybody pushes, and takes work. */
const startWorker = async ({ client, workflows, running, name, slots, onFatal }: Options): Promise<WorkerHandle> => {
	const worker = await withoutSignalHandlers(() => client.worker(name, { workflows: workflows ?? [], slots, handleKill: false }));
	let stopping = false;
	const { promise: startFailed, reject: failStart } = Promise.withResolvers<never>();
	const ended = worker.start().then(
		() => new Error("The Hatchet worker ended."),
		(error: unknown) => (error instanceof Error ? error : new Error(String(error))),
	);
	void ended.then((reason) => {
		failStart(reason);
		if (!stopping) onFatal(reason);
	});
	// Rejects unheard once the worker is up.
	startFailed.catch(() => {});
	await Promise.race([worker.waitUntilReady(20_000), startFailed]);
	const watch = watchWorker(client, worker._internal.workerId ?? "", onFatal);
	return {
		isKnown: watch.isKnown,
		stop: async () => {
			stopping = true;
			watch.stop();
			await worker.stop();
			await Promise.allSettled(running);
			await ended;
		},
	};
};

/** A worker for the patient workflows and one for the others, each with its own slots, so that attempts that hang never hold up what is short. */
export const startWorkers = async ({
	patient,
	short,
	name,
	...common
}: Common & Record<"patient" | "short", Registered>): Promise<WorkerHandle> => {
	// One after the other: the short ones spawn patient ones, which Hatchet must know by then.
	const groups = [
		{ ...common, name: `${name}-patient`, workflows: patient },
		{ ...common, name, workflows: short },
	].filter(({ workflows }) => workflows && workflows.length > 0);
	const workers: WorkerHandle[] = [];
	const stop = async () => {
		await Promise.all(workers.map((worker) => worker.stop()));
	};
	try {
		for (const group of groups) workers.push(await startWorker(group));
	} catch (error) {
		await stop();
		throw error;
	}
	return { isKnown: async () => (await Promise.all(workers.map((worker) => worker.isKnown()))).every(Boolean), stop };
};
