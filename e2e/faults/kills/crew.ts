import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "../../../scripts/testing/eventually.ts";
import { awaitReady, type Launch } from "../../support/product.ts";

export type Crew = AsyncDisposable & {
	/** `kill -9` of one that takes work; false where none does. */
	killOne(choose: (count: number) => number): boolean;
};

const againMs = 200;
const readyMs = 60_000;

/** So many workers, each started again at once whenever it ends. Resolves once all take work. */
export const startCrew = async (size: number, launchOne: () => Launch): Promise<Crew> => {
	const all = new Set<Launch>();
	const ready = new Set<Launch>();
	let stopping = false;
	const keep = async (): Promise<void> => {
		while (!stopping) {
			const worker = launchOne();
			all.add(worker);
			// One that is killed, or whose database goes away, while it starts is one more kill.
			await awaitReady(worker, readyMs).then(
				() => ready.add(worker),
				() => worker.child.kill("SIGKILL"),
			);
			await worker.exit;
			all.delete(worker);
			ready.delete(worker);
			if (!stopping) await sleep(againMs);
		}
	};
	const keeping = Promise.all(Array.from({ length: size }, keep));
	await eventually("all workers take work", () => ready.size === size, readyMs);
	return {
		killOne: (choose) => {
			const worker = [...ready][choose(ready.size)];
			if (!worker) return false;
			ready.delete(worker);
			return worker.child.kill("SIGKILL");
		},
		[Symbol.asyncDispose]: async () => {
			stopping = true;
			for (const worker of all) worker.child.kill("SIGTERM");
			await keeping;
		},
	};
};
