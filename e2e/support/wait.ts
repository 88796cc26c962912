import { setTimeout as sleep } from "node:timers/promises";

/** Tries until `look` returns something truthy; throws with the last error or `what` when that takes too long. */
export const eventually = async <T>(
	what: string,
	look: () => Promise<T> | T,
	timeoutMs = 30_000,
	everyMs = 100,
): Promise<NonNullable<T>> => {
	const giveUpAt = Date.now() + timeoutMs;
	for (;;) {
		let problem: unknown;
		try {
			const found = await look();
			if (found) return found;
		} catch (error) {
			problem = error;
		}
		if (Date.now() > giveUpAt) throw new Error(`Not within ${timeoutMs / 1000} s: ${what}`, { cause: problem });
		await sleep(everyMs);
	}
};
