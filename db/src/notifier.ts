import type pg from "pg";

/** `outbox` and `timers` wake the relay; `events` wakes the stamper; `stamped` wakes open pages. */
export const channels = ["outbox", "timers", "events", "stamped"] as const;
export type Channel = (typeof channels)[number];

/** Postgres channel names are per database, but other programs may share ours. */
export const channelName = (channel: Channel) => `agentplanner_${channel}`;

export type Notifier = {
	notify(channel: Channel): void;
	/** Sends the word right behind what `client` was last given, its COMMIT. False where it's not time to: `notify` when that is done. */
	notifyBehind(client: pg.ClientBase, channels: readonly Channel[]): boolean;
	flush(): Promise<void>;
};

// Every committed NOTIFY takes a lock on the whole database server, so they are sent apart from what they tell of: the first one at once,
// what comes within this time of it together.
const gatherMs = 5;

// Nobody waits for the disk on account of a hint.
const statement = "select set_config('synchronous_commit', 'off', true), pg_notify(name, '') from unnest($1::text[]) as name";

/** A lost NOTIFY harms nothing: listeners poll as well. */
export const createNotifier = (pool: pg.Pool, onError: (error: Error) => void): Notifier => {
	const pending = new Set<Channel>();
	let gathering: NodeJS.Timeout | null = null;
	const sending = new Set<Promise<void>>();

	const tell = async (on: pg.ClientBase | pg.Pool, names: string[]): Promise<void> => {
		await on.query({ text: statement, values: [names] }).catch(onError);
	};

	const send = (on: pg.ClientBase | pg.Pool = pool): boolean => {
		const names = [...pending].map(channelName);
		pending.clear();
		if (names.length === 0) return false;
		const sent = tell(on, names);
		sending.add(sent);
		void sent.finally(() => sending.delete(sent));
		return true;
	};

	const gather = () => {
		gathering = setTimeout(() => {
			gathering = null;
			if (send()) gather();
		}, gatherMs);
	};

	return {
		notify: (channel) => {
			pending.add(channel);
			if (gathering) return;
			send();
			gather();
		},
		notifyBehind: (client, channels) => {
			if (gathering || channels.length === 0) return false;
			for (const channel of channels) pending.add(channel);
			send(client);
			gather();
			return true;
		},
		flush: async () => {
			if (gathering) clearTimeout(gathering);
			gathering = null;
			send();
			await Promise.all(sending);
		},
	};
};
