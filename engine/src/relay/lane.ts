import type { Backoff } from "./backoff.ts";

// The guarantee when no NOTIFY arrives; jittered, so that several relays don't poll in step.
const pollMs = () => 400 + Math.random() * 200;
// Due work that another relay holds locked must not make us spin.
const shortestSleepMs = 20;

type Options = {
	/** Does one batch; answers whether there may be more. */
	work(): Promise<boolean>;
	/** Milliseconds until there will be work without anybody saying so; null if none is known. */
	nextMs?(): Promise<number | null>;
	backoff: Backoff;
	onError(error: unknown): void;
	onSuccess(): void;
};

export type Lane = { wake(): void; stop(): Promise<void> };

/** Works until there is nothing left, then sleeps until woken, until the next work is due, or until the poll. */
export const startLane = ({ work, nextMs, backoff, onError, onSuccess }: Options): Lane => {
	let stopped = false;
	let woken = false;
	let rouse: (() => void) | null = null;

	const sleep = async (ms: number, wakeable: boolean) => {
		if (stopped || (wakeable && woken)) return;
		await new Promise<void>((resolve) => {
			const timer = setTimeout(resolve, ms);
			rouse = () => {
				// A NOTIFY is no reason to ask an engine that is away any sooner.
				if (!wakeable && !stopped) return;
				clearTimeout(timer);
				resolve();
			};
		});
		rouse = null;
	};

	const loop = async () => {
		while (!stopped) {
			try {
				woken = false;
				const more = await work();
				onSuccess();
				if (more) continue;
				const next = (await nextMs?.()) ?? Number.POSITIVE_INFINITY;
				await sleep(Math.max(shortestSleepMs, Math.min(Math.ceil(next) + 1, pollMs())), true);
			} catch (error) {
				onError(error);
				backoff.failed();
				await sleep(backoff.remainingMs(), false);
			}
		}
	};
	const running = loop();

	return {
		wake: () => {
			woken = true;
			rouse?.();
		},
		stop: async () => {
			stopped = true;
			rouse?.();
			await running;
		},
	};
};
