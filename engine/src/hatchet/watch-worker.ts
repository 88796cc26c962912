import type { HatchetClient } from "@hatchet-dev/typescript-sdk";

const checkMs = 20_000;
// A restarted Hatchet lists nobody as active for up to 63 s.
const strikes = 5;

/**
 * Resolves with the reason when Hatchet has not counted this worker as active for about 100 s although it answers: then the
 * worker's stream is dead and gets no work, while its own health says all is well (hatchet-dev/hatchet#4824).
 */
export const watchWorker = (client: HatchetClient, workerId: () => string | undefined, onDead: (reason: Error) => void) => {
	let missed = 0;
	const check = async () => {
		const id = workerId();
		if (id === undefined) return;
		try {
			const worker = await client.workers.get(id);
			missed = worker.status === "ACTIVE" ? 0 : missed + 1;
		} catch (error) {
			const { response } = error as { response?: { status?: number } };
			// Not reachable says nothing about us; not known does.
			if (response?.status === 404) missed += 1;
		}
		if (missed >= strikes) onDead(new Error("Hatchet no longer counts this worker as active: its connection is dead without an error."));
	};
	const timer = setInterval(() => void check(), checkMs);
	return { stop: () => clearInterval(timer), isActive: () => missed === 0 };
};
