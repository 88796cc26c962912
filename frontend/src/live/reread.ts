const gatherMs = 1_000;
const laterMs = 10_000;

/**
 * Reads again what changed: once for all that changes within a second, never while a read is under way, and once more after it for what
 * changed meanwhile. What failed is read again later. `read` answers with whether it succeeded.
 */
export const createReread = (read: () => Promise<boolean>) => {
	let timer: ReturnType<typeof setTimeout> | undefined;
	let isReading = false;
	let changed = false;
	let stopped = false;

	const later = (ms: number) => {
		if (!stopped) timer ??= setTimeout(run, ms);
	};
	const run = async () => {
		timer = undefined;
		isReading = true;
		changed = false;
		const isRead = await read();
		isReading = false;
		if (!isRead) later(laterMs);
		else if (changed) later(gatherMs);
	};
	return {
		soon() {
			if (isReading) changed = true;
			else later(gatherMs);
		},
		stop() {
			stopped = true;
			clearTimeout(timer);
		},
	};
};
