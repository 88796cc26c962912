const firstMs = 250;
const longestMs = 5_000;

/** Shared by the lanes, so that an engine that is away is asked by the relay as a whole, not by each lane at its own pace. */
export const createBackoff = () => {
	let delayMs = 0;
	let until = 0;
	return {
		failed: () => {
			const now = performance.now();
			// Lanes that fail in the same pause count once.
			if (now >= until) {
				delayMs = Math.min(longestMs, delayMs === 0 ? firstMs : delayMs * 2);
				until = now + delayMs;
			}
		},
		succeeded: () => {
			delayMs = 0;
			until = 0;
		},
		remainingMs: () => Math.max(0, until - performance.now()),
	};
};

export type Backoff = ReturnType<typeof createBackoff>;
