import type { Adapter } from "@agentplanner/contracts";
import { claimListeners, renewListeners } from "@agentplanner/core";
import { type Listener, type ListeningHouse, startListener } from "./start-listener.ts";

const lookMs = 1_000;

export type ListeningWorker = {
	/** Closes all lines and gives them up, so that others go on at once. */
	stop(): Promise<void>;
};

/**
 * Listens for integrations of these adapters that nobody listens for. Once a second it renews what it holds, ends what isn't wanted any
 * more or was changed, and takes what is free.
 */
export const startListening = (house: ListeningHouse, adapters: readonly Adapter[]): ListeningWorker => {
	const { context, workerId, log } = house;
	const able = adapters.filter(({ listens }) => listens !== undefined).map(({ id }) => id);
	const listeners = new Set<Listener>();
	let looking: Promise<void> | null = null;
	let stopped = false;

	const renew = async () => {
		const asked = [...listeners];
		const at = performance.now();
		const renewed = await renewListeners(
			context,
			workerId,
			asked.map(({ claim }) => claim),
		);
		for (const listener of asked) {
			const { integrationId, term, version } = listener.claim;
			const ours = renewed.find((row) => row.integrationId === integrationId && row.term === term);
			if (!ours) listener.lose();
			else {
				listener.renewed(at);
				if (!ours.wanted || ours.version !== version) listener.stop();
			}
		}
	};
	const claim = async () => {
		const at = performance.now();
		for (const claimed of await claimListeners(context, workerId, able)) {
			const listener = startListener(house, claimed, at);
			listeners.add(listener);
			void listener.ended.then(() => listeners.delete(listener));
		}
	};
	const look = () => {
		// One that hangs must not pile up others behind it.
		looking ??= renew()
			.then(claim)
			.catch((error: unknown) => log.warn({ err: error }, "can't look for what is to be listened to"))
			.finally(() => {
				looking = null;
			});
	};
	const timer = setInterval(look, lookMs);
	look();

	return {
		stop: async () => {
			if (stopped) return;
			stopped = true;
			clearInterval(timer);
			await looking;
			for (const listener of listeners) listener.stop();
			await Promise.all([...listeners].map(({ ended }) => ended));
		},
	};
};
