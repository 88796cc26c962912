import { setTimeout as sleep } from "node:timers/promises";

type Found<T> = T | false | null | undefined;

/** Tries until `look` returns something truthy; throws with the last error or `what` when that takes too long. */
export const eventually = async <T>(
	what: string,
	look: () => Promise<Found<T>> | Found<T>,
	timeoutMs = 30_000,
	everyMs = 50,
): Promise<T> => {
	const giveUpAt = performance.now() + timeoutMs;
	for (;;) {
		let problem: unknown;
		try {
			const found = await look();
			if (found) return found;
		} catch (error) {
			problem = error;
		}
		if (performance.now() > giveUpAt) throw new Error(`Not within ${timeoutMs / 1000} s: ${what}`, { cause: problem });
		await sleep(everyMs);
	}
};
