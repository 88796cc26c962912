import type pg from "pg";

/** `outbox` and `timers` wake the relay; `events` wakes the stamper; `stamped` wakes open pages. */
export const channels = ["outbox", "timers", "events", "stamped"] as const;
export type Channel = (typeof channels)[number];

/** Postgres channel names are per database, but other programs may share ours. */
export const channelName = (channel: Channel) => `agentplanner_${channel}`;

export type Notifier = { notify(channel: Channel): void; flush(): Promise<void> };

// Every committed NOTIFY takes a lock on the whole database server, so they are sent apart and coalesced.
const coalesceMs = 5;

/** A lost NOTIFY harms nothing: listeners poll as well. */
export const createNotifier = (pool: pg.Pool, onError: (error: Error) => void): Notifier => {
	const pending = new Set<Channel>();
	let timer: NodeJS.Timeout | null = null;
	let sending: Promise<void> = Promise.resolve();

	const send = async () => {
		timer = null;
		const names = [...pending].map(channelName);
		pending.clear();
		if (names.length === 0) return;
		await pool.query("select pg_notify(name, '') from unnest($1::text[]) as name", [names]).catch(onError);
	};

	return {
		notify: (channel) => {
			pending.add(channel);
			timer ??= setTimeout(() => {
				sending = send();
			}, coalesceMs);
		},
		flush: async () => {
			if (timer) clearTimeout(timer);
			await sending;
			await send();
		},
	};
};
