import { setTimeout } from "node:timers/promises";
import { type Database, type Listener, listen } from "@agentplanner/db";
import { batchSize, stampEvents } from "./stamp-events.ts";

const pollMs = 1_000;
// What is committed within it is stamped together.
const gatherMs = 30;

export type Stamper = { close(): Promise<void> };

/**
 * Stamps whenever something was committed: woken by NOTIFY when it has a `url` to listen at, which one process in a house should have,
 * and by a poll, since NOTIFY is only a hint and that process may be away.
 */
export const startStamper = ({
	url,
	db,
	name,
	onError,
}: {
	url?: string;
	db: Database;
	name: string;
	onError: (error: Error) => void;
}): Stamper => {
	let closed = false;
	let again = false;
	let running: Promise<void> | null = null;

	const drain = async () => {
		let pauseMs = gatherMs;
		do {
			await setTimeout(pauseMs);
			again = false;
			const outcome = await stampAll();
			// The other one may have read its batch before what we were woken for was committed.
			if (outcome === "busy") again = true;
			pauseMs = outcome === "busy" ? Math.min(pauseMs * 2, pollMs) : gatherMs;
		} while (again && !closed);
	};
	const stampAll = async () => {
		for (;;) {
			const stamped = await stampEvents(db);
			if (stamped === "busy" || stamped < batchSize || closed) return stamped;
		}
	};
	const wake = () => {
		again = true;
		if (closed) return;
		running ??= drain()
			.catch((error: unknown) => onError(error instanceof Error ? error : new Error(String(error))))
			.finally(() => {
				running = null;
			});
	};
	const listener: Listener | null =
		url === undefined ? null : listen({ url, name: `${name}-stamper`, channels: ["events"], wake, onError });
	const poll = setInterval(wake, pollMs);
	return {
		close: async () => {
			closed = true;
			clearInterval(poll);
			await listener?.close();
			await running;
		},
	};
};
