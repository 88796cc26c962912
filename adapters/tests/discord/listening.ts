import type { Listening, Received } from "@agentplanner/contracts";
import { beforeEach, onTestFinished, vi } from "vitest";
import type { DiscordSettings } from "../../src/discord/config.ts";
import { loopbackContext } from "../loopback-context.ts";
import * as harness from "./harness.ts";
import type { StoredMessage } from "./stored-message.ts";
import { world } from "./world.ts";

/** What a worker keeps of what was heard, and what it was told of the line. */
export type Store = { session: Record<string, unknown> | null; received: Received[]; reports: (string | null)[] };
export const newStore = (): Store => ({ session: null, received: [], reports: [] });
export const texts = ({ received }: Store) => received.map((item) => ("text" in item ? item.text : item.type));

export const until = <T>(read: () => T) => vi.waitUntil(read, { timeout: 5_000, interval: 10 });

export const replyTo = (question: StoredMessage, fields: object = {}) => ({
	...{ type: 19, referenced_message: { id: question.id, author: { id: world.botId } } },
	...fields,
});

/** A server of its own for each test, whose bot may read what is written, and listeners to its gateway. */
export const useGateway = () => {
	const discord = harness.useDiscord();
	/** What the test's connections have warned of. */
	const logged: string[] = [];
	beforeEach(() => {
		discord.double.configure({ flags: 1 << 19 });
		logged.length = 0;
	});

	const open = (changes: Partial<DiscordSettings> = {}, token?: string) =>
		harness.connect(
			discord.double.url,
			{ gateway: "all", ...changes },
			token,
			loopbackContext((_fields, message) => void logged.push(message)),
		);

	/** What the worker does: stores once by external id, keeps the session, listens until told to stop. */
	const listen = async (store: Store, changes: Partial<DiscordSettings> = {}, receive?: Listening["receive"], token?: string) => {
		const connection = await open(changes, token);
		const stop = new AbortController();
		const known = new Set(store.received.map(({ externalId }) => externalId));
		const listening: Listening = {
			receive:
				receive ??
				(async (received) => {
					store.received.push(...received.filter(({ externalId }) => !known.has(externalId)));
					for (const { externalId } of received) known.add(externalId);
				}),
			session: store.session,
			saveSession: async (session) => {
				store.session = session;
			},
			report: (problem) => void store.reports.push(problem),
		};
		const ended = connection.listen?.(listening, stop.signal) ?? Promise.reject(new Error("It doesn't listen."));
		ended.catch(() => {});
		const end = async () => {
			stop.abort();
			await ended;
		};
		onTestFinished(() => {
			stop.abort();
		});
		return { ended, end };
	};

	const listenUp = async (store: Store, ...rest: [Partial<DiscordSettings>?, Listening["receive"]?]) => {
		const before = store.reports.length;
		const line = await listen(store, ...rest);
		await until(() => store.reports.slice(before).includes(null));
		return line;
	};

	/** Posts a question. */
	const ask = async (): Promise<StoredMessage> => {
		await (await open()).send(harness.ask(), harness.signal());
		return discord.double.messages().at(-1) as StoredMessage;
	};

	return { discord, logged, open, listen, listenUp, ask };
};
