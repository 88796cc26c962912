import type { HatchetClient } from "@hatchet-dev/typescript-sdk";

// A restarted Hatchet lists nobody as active for up to 63 s; five checks 20 s apart are longer than that.
const strikes = 5;

export type WorkerWatch = {
	/** Whether Hatchet counts the worker as one of its own; throws when it can't be asked. */
	isKnown(): Promise<boolean>;
	stop(): void;
};

/**
 * Says so when Hatchet, although it answers, has not counted this worker as its own for five checks: then the worker's stream
 * is dead and gets no work, while the SDK calls it healthy (hatchet-dev/hatchet#4824).
 */
export const watchWorker = (
	client: HatchetClient,
	workerId: string,
	onDead: (reason: Error) => void,
	{ checkMs = 20_000, newMs = 15_000 } = {},
): WorkerWatch => {
	// Until its first heartbeat Hatchet calls a new worker inactive.
	const started = performance.now();
	let wasActive = false;
	const isKnown = async (): Promise<boolean> => {
		try {
			const { status } = await client.workers.get(workerId);
			if (status === "ACTIVE") wasActive = true;
			// A worker that a person paused is theirs to wake.
			return status !== "INACTIVE" || (!wasActive && performance.now() - started < newMs);
		} catch (error) {
			const { response } = error as { response?: { status?: number } };
			if (response?.status === 404) return false;
			throw error;
		}
	};
	let missed = 0;
	let asking = false;
	const timer = setInterval(() => {
		// A check that hangs must not pile up others behind it.
		if (asking) return;
		asking = true;
		const check = isKnown().finally(() => {
			asking = false;
		});
		check.then(
			(known) => {
				missed = known ? 0 : missed + 1;
				if (missed === strikes)
					onDead(new Error("Hatchet no longer counts this worker as its own: the worker's connection is dead without an error."));
			},
			// Not reachable says nothing about us.
			() => {},
		);
	}, checkMs);
	return { isKnown, stop: () => clearInterval(timer) };
};
