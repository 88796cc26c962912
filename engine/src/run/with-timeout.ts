export class RunTimeoutError extends Error {
	override name = "RunTimeoutError";
}

/**
 * Runs `work` with a signal that aborts on the timeout or with `outer`, and stops waiting at the timeout even if `work`
 * ignores the signal; what it still does then is stopped by its claim's fence.
 */
export const withTimeout = async <T>(timeoutMs: number, outer: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
	const timeout = new AbortController();
	let timer: NodeJS.Timeout | undefined;
	const expired = new Promise<never>((_, reject) => {
		timer = setTimeout(() => {
			const error = new RunTimeoutError(`Run exceeded its timeout of ${timeoutMs} ms`);
			reject(error);
			timeout.abort(error);
		}, timeoutMs);
	});
	try {
		return await Promise.race([work(AbortSignal.any([outer, timeout.signal])), expired]);
	} finally {
		clearTimeout(timer);
	}
};
