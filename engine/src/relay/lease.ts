import { setTimeout as sleep } from "node:timers/promises";

/** What is taken for a push belongs to its relay for so long: what one that died had at hand comes again after it, under the same wake ids. */
export const leaseSeconds = 5;
const renewMs = 2_000;

/** Does the push, and renews the lease as often as needed until it is over. A renewal that fails leaves it to the next one. */
export const whileRenewing = async <T>(renew: () => Promise<void>, push: () => Promise<T>): Promise<T> => {
	const over = new AbortController();
	const renewing = (async () => {
		for (;;) {
			await sleep(renewMs, undefined, { signal: over.signal });
			await renew().catch(() => {});
		}
	})().catch(() => {});
	try {
		return await push();
	} finally {
		over.abort();
		await renewing;
	}
};
