import { type Context, renewLeases } from "@agentplanner/core";
import type { Logger } from "./logger.ts";

const renewEveryMs = 1_000;

export type LeaseKeeper = {
	/** Renews the delivery's lease until it is let go; the signal aborts when somebody else has taken it. */
	hold(deliveryId: string): AbortSignal;
	letGo(deliveryId: string): void;
	stop(): Promise<void>;
};

/** Renews all leases of this worker in one statement a second. */
export const createLeaseKeeper = (context: Context, workerId: string, log: Logger): LeaseKeeper => {
	const held = new Map<string, AbortController>();
	let renewal: Promise<void> | null = null;

	const renew = async () => {
		const ids = [...held.keys()];
		const ours = new Set(await renewLeases(context, workerId, ids));
		for (const id of ids) {
			if (ours.has(id)) continue;
			const controller = held.get(id);
			held.delete(id);
			controller?.abort(new Error("Another worker has taken this delivery."));
		}
	};
	const timer = setInterval(() => {
		if (held.size === 0) return;
		// A renewal that hangs must not pile up others behind it.
		renewal ??= renew()
			.catch((error: unknown) => log.warn({ err: error }, "leases not renewed"))
			.finally(() => {
				renewal = null;
			});
	}, renewEveryMs);

	return {
		hold: (deliveryId) => {
			const controller = new AbortController();
			held.set(deliveryId, controller);
			return controller.signal;
		},
		letGo: (deliveryId) => {
			held.delete(deliveryId);
		},
		stop: async () => {
			clearInterval(timer);
			await renewal;
		},
	};
};
