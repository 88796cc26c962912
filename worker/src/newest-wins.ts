/** Writes one value at a time, and of those that wait only the newest; each caller hears how the write went that covered its value. */
export const newestWins = <T>(write: (value: T) => Promise<void>) => {
	let next: { value: T; written: Promise<void> } | null = null;
	let last: Promise<void> = Promise.resolve();
	return (value: T): Promise<void> => {
		if (next) {
			next.value = value;
			return next.written;
		}
		const begun: Promise<void> = last.then(() => {
			next = null;
			return write(waiting.value);
		});
		const waiting = { value, written: begun };
		next = waiting;
		last = begun.catch(() => {});
		return begun;
	};
};
