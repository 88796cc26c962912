/** Tells whoever waits for events that some were stamped. */
export type StampSignal = {
	/** Resolves at the next word, and at once when the server stops. */
	next(): Promise<void>;
	wake(): void;
	stopped(): boolean;
	stop(): void;
};

export const createStampSignal = (): StampSignal => {
	let stopped = false;
	let { promise, resolve } = Promise.withResolvers<void>();
	const wake = () => {
		resolve();
		if (!stopped) ({ promise, resolve } = Promise.withResolvers<void>());
	};
	return {
		next: () => promise,
		wake,
		stopped: () => stopped,
		stop: () => {
			stopped = true;
			wake();
		},
	};
};
