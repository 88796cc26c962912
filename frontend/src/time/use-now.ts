import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let current = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

const subscribe = (listener: () => void) => {
	listeners.add(listener);
	timer ??= setInterval(() => {
		current = Date.now();
		for (const notify of listeners) notify();
	}, 1_000);
	return () => {
		listeners.delete(listener);
		if (listeners.size > 0) return;
		clearInterval(timer);
		timer = undefined;
	};
};

const snapshot = () => {
	// Nobody ticks yet: a component that mounts now must not show the time of an hour ago.
	if (timer === undefined) current = Date.now();
	return current;
};

const never = () => () => {};

/** Whether a moment is over; drawn again only when it is. */
export const useIsPast = (at: number | null): boolean =>
	useSyncExternalStore(at === null ? never : subscribe, () => at !== null && at < snapshot());

/** The time, ticking once a second for the whole page together; `ticking: false` freezes it. */
export const useNow = (ticking = true): number => useSyncExternalStore(ticking ? subscribe : never, snapshot, Date.now);
