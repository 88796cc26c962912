/** The work went on although it was told to stop. */
export class DeafError extends Error {
	override name = "DeafError";
}

/** Waits for `work`, but once `signal` has aborted only for `lastWordsMs`: an adapter that doesn't hear it would hold us up for ever. */
export const unlessDeaf = async <T>(work: Promise<T>, signal: AbortSignal, lastWordsMs: number): Promise<T> => {
	const { promise: deaf, reject } = Promise.withResolvers<never>();
	let timer: NodeJS.Timeout | undefined;
	const onAbort = () => {
		timer = setTimeout(() => reject(new DeafError("the adapter went on after it was told to stop")), lastWordsMs);
	};
	if (signal.aborted) onAbort();
	else signal.addEventListener("abort", onAbort);
	try {
		return await Promise.race([work, deaf]);
	} finally {
		clearTimeout(timer);
		signal.removeEventListener("abort", onAbort);
	}
};
