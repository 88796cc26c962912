import pg from "pg";
import { type Channel, channelName } from "./notifier.ts";

export type Listener = { close(): Promise<void> };

const reconnectMs = 500;

/**
 * Calls `wake` for each NOTIFY on the channels, and once for each channel after every (re)connect, since what was sent
 * meanwhile is lost. Keeps one connection of its own; reconnects for ever.
 */
export const listen = (options: {
	url: string;
	name: string;
	channels: readonly Channel[];
	wake: (channel: Channel) => void;
	onError: (error: Error) => void;
}): Listener => {
	const { url, name, channels, wake, onError } = options;
	let closed = false;
	let client: pg.Client | null = null;
	let retry: NodeJS.Timeout | null = null;

	const connect = async () => {
		const next = new pg.Client({
			connectionString: url,
			application_name: `${name}-listen`,
			connectionTimeoutMillis: 5_000,
			keepAlive: true,
		});
		client = next;
		const lost = (error?: Error) => {
			if (client !== next) return;
			client = null;
			if (error && !closed) onError(error);
			if (!closed) retry = setTimeout(() => void connect(), reconnectMs);
		};
		next.on("error", lost);
		next.on("end", () => lost());
		next.on("notification", ({ channel }) => {
			const found = channels.find((candidate) => channelName(candidate) === channel);
			if (found) wake(found);
		});
		try {
			await next.connect();
			for (const channel of channels) await next.query(`listen ${channelName(channel)}`);
			for (const channel of channels) wake(channel);
		} catch (error) {
			lost(error instanceof Error ? error : new Error(String(error)));
			await next.end().catch(() => {});
		}
	};

	const first = connect();
	return {
		close: async () => {
			closed = true;
			if (retry) clearTimeout(retry);
			await first;
			await client?.end();
		},
	};
};
