import { type Context, renewLeases } from "@agentplanner/core";
import type { Logger } from "./logger.ts";

const renewEveryMs = 1_000;

/** One hold on one claim; `taken` aborts when the delivery has been claimed anew, here or elsewhere. */
export type Lease = { taken: AbortSignal; letGo(): void };

export type LeaseKeeper = {
	/** Renews the delivery's lease until it is let go. */
	hold(deliveryId: string): Lease;
	stop(): Promise<void>;
};

/** Renews all leases of this worker in one statement a second. */
export const createLeaseKeeper = (context: Context, workerId: string, log: Logger): LeaseKeeper => {
	const held = new Map<string, AbortController>();
	let renewal: Promise<void> | null = null;

	const renew = async () => {
		const asked = [...held];
		const ours = new Set(await renewLeases(context, workerId, [...held.keys()]));
		for (const [id, controller] of asked) {
			// Let go meanwhile, perhaps for a newer claim, which was not asked about.
			if (ours.has(id) || held.get(id) !== controller) continue;
			held.delete(id);
			controller.abort(new Error("Another worker has taken this delivery."));
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
			// A lease can run out while its attempt still runs, when the database was away; then this very worker may claim it anew.
			held.get(deliveryId)?.abort(new Error("This worker has claimed this delivery anew."));
			const controller = new AbortController();
			held.set(deliveryId, controller);
			return {
				taken: controller.signal,
				letGo: () => {
					if (held.get(deliveryId) === controller) held.delete(deliveryId);
				},
			};
		},
		stop: async () => {
			clearInterval(timer);
			await renewal;
		},
	};
};
