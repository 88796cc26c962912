import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { GatewayIntentBits } from "discord.js";
import { type WebSocket, WebSocketServer } from "ws";
import { nextId, world } from "./world.ts";

type Event = { op: 0; t: string; s: number; d: unknown };
type Session = { id: string; intents: number; events: Event[]; socket: WebSocket | null; seq: number };
type State = { flags: number; channels: { id: string; type: number }[] };

const messageContentFlags = (1 << 18) | (1 << 19);
const threads = [10, 11, 12];

/** Discord's gateway on 127.0.0.1: sessions that can be resumed, and everything it may do to a connection. */
export const startGatewayDouble = async (stateOf: () => State) => {
	const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
	await once(server, "listening");
	const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const sessions = new Map<string, Session>();
	const seen: string[] = [];
	let remaining = 1_000;
	let closesAtOnce: number | null = null;
	let resumeUrl = url;
	let isMute = false;

	/** Without the intent Discord blanks what a message says, unless it mentions the bot. */
	const blanked = (t: string, d: unknown, { intents }: Session): unknown => {
		if (t !== "MESSAGE_CREATE" || (intents & GatewayIntentBits.MessageContent) !== 0) return d;
		const message = d as { mentions: { id: string }[] };
		return message.mentions.some(({ id }) => id === world.botId) ? d : { ...message, content: "", attachments: [] };
	};
	const dispatchTo = (session: Session, t: string, d: unknown): void => {
		session.seq += 1;
		const event: Event = { op: 0, t, s: session.seq, d: blanked(t, d, session) };
		session.events.push(event);
		session.socket?.send(JSON.stringify(event));
	};
	const identify = (socket: WebSocket, { token, intents }: { token: string; intents: number }): Session | null => {
		seen.push("identify");
		remaining -= 1;
		const refuse = (code: number) => {
			socket.close(code);
			return null;
		};
		if (token !== world.token) return refuse(4_004);
		const { flags, channels } = stateOf();
		if ((intents & GatewayIntentBits.MessageContent) !== 0 && (flags & messageContentFlags) === 0) return refuse(4_014);
		const session: Session = { id: `session-${nextId()}`, intents, events: [], socket, seq: 0 };
		sessions.set(session.id, session);
		const user = { id: world.botId, username: "AgentPlanner", bot: true };
		dispatchTo(session, "READY", { v: 10, user, session_id: session.id, resume_gateway_url: resumeUrl, guilds: [{ id: world.guild }] });
		const isThread = ({ type }: { type: number }) => threads.includes(type);
		dispatchTo(session, "GUILD_CREATE", {
			...{ id: world.guild, name: "Server" },
			...{ channels: channels.filter((each) => !isThread(each)), threads: channels.filter(isThread) },
		});
		return session;
	};
	const resume = (socket: WebSocket, { token, session_id, seq }: { token: string; session_id: string; seq: number }): Session | null => {
		seen.push(`resume ${seq}`);
		const session = sessions.get(session_id);
		if (token !== world.token || !session) {
			socket.send(JSON.stringify({ op: 9, d: false }));
			return null;
		}
		session.socket = socket;
		for (const event of session.events.filter(({ s }) => s > seq)) socket.send(JSON.stringify(event));
		dispatchTo(session, "RESUMED", {});
		return session;
	};

	server.on("connection", (socket) => {
		let session: Session | null = null;
		if (closesAtOnce !== null) return socket.close(closesAtOnce);
		socket.send(JSON.stringify({ op: 10, d: { heartbeat_interval: 400 } }));
		socket.on("message", (data) => {
			const { op, d } = JSON.parse(String(data));
			if (op === 1 && !isMute) socket.send(JSON.stringify({ op: 11 }));
			if (op === 2) session = identify(socket, d);
			if (op === 6) session = resume(socket, d);
		});
		socket.on("close", (code) => {
			seen.push(`closed ${code}`);
			isMute = false;
			if (!session || session.socket !== socket) return;
			session.socket = null;
			// A client that says good-bye ends its session.
			if (code === 1_000 || code === 1_001) sessions.delete(session.id);
		});
	});
	const live = (): Session[] => [...sessions.values()].filter(({ socket }) => socket !== null);

	return {
		url,
		/** What clients did, in order: `identify`, `resume <sequence>`, `closed <code>`. */
		seen,
		information: () => ({
			url,
			shards: 1,
			session_start_limit: { total: 1_000, remaining, reset_after: 3_600_000, max_concurrency: 1 },
		}),
		budget: (left: number) => {
			remaining = left;
		},
		/** Every connection is closed with this code as soon as it opens; null: no more. */
		refuse: (code: number | null) => {
			closesAtOnce = code;
		},
		lead: (elsewhere: string) => {
			resumeUrl = elsewhere;
		},
		dispatch: (t: string, d: unknown): void => {
			for (const session of sessions.values()) dispatchTo(session, t, d);
		},
		close: async () => {
			for (const client of server.clients) client.terminate();
			await new Promise((done) => server.close(done));
		},
		/** Closes the connections there are, from Discord's side. */
		hangUp: (code: number): void => {
			for (const { socket } of live()) socket?.close(code);
		},
		send: (op: number, d: unknown = null): void => {
			for (const { socket } of live()) socket?.send(JSON.stringify({ op, d }));
		},
		/** Heartbeats are not answered any more, on this connection. */
		mute: (): void => {
			isMute = true;
		},
		/** Discord forgets every session. */
		forget: (): void => sessions.clear(),
	};
};

export type GatewayDouble = Awaited<ReturnType<typeof startGatewayDouble>>;
