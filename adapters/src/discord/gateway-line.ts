import { AdapterError, type GuardedConnect, type GuardedSocket } from "@agentplanner/contracts";
import { z } from "zod";
import { FetchError } from "../fetch-error.ts";
import { parseJson } from "../parse-json.ts";

export type GatewayEvent = { name: string; data: unknown; sequence: number };

/** How a connection ended: `wasUp`: it had got as far as to hear events; `invalid`: its session is gone. */
export type LineEnd = { code: number; wasUp: boolean; invalid: boolean };

type Line = {
	connect: GuardedConnect;
	url: string;
	/** What is sent once Discord has said hello, to begin a session or to take one up again. */
	opening: { op: number; d: object };
	/** The last event that was heard, for heartbeats. */
	sequence: number | null;
	onEvent(event: GatewayEvent): void;
	/** Ends it, in such a way that its session can be taken up again. */
	signal: AbortSignal;
};

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-opcodes */
const op = { dispatch: 0, heartbeat: 1, reconnect: 7, invalidSession: 9, hello: 10, heartbeatAck: 11 };
const Payload = z.object({ op: z.int(), d: z.unknown().optional(), s: z.int().nullish(), t: z.string().nullish() });
const Hello = z.object({ heartbeat_interval: z.number().min(1) });

/** With 1000 or 1001 Discord would end the session. */
const resumeLater = 4_200;
/** A server with its channels, as Discord tells it at the beginning, can be this large. */
const maxMessageBytes = 32 * 1024 * 1024;
const upWithinMs = 30_000;

const unheard = (error: unknown): AdapterError => {
	const why = error instanceof FetchError ? error.message : "for an unknown reason";
	return new AdapterError("unavailable", `Discord's gateway was not reached: ${why}.`, {
		remedy: "Check this server's way to gateway.discord.gg and https://discordstatus.com; it is tried again by itself.",
	});
};

/** One connection to Discord's gateway, until it ends: https://docs.discord.com/developers/events/gateway. Throws AdapterError where none comes about. */
export const holdLine = async ({ connect, url, opening, sequence, onEvent, signal }: Line): Promise<LineEnd> => {
	const target = new URL(url);
	target.search = "v=10&encoding=json";
	const ended = Promise.withResolvers<number>();
	let socket: GuardedSocket | null = null;
	let last = sequence;
	let wasUp = false;
	let invalid = false;
	let isAcknowledged = true;
	let heartbeats: NodeJS.Timeout | undefined;

	const say = (payload: object) => socket?.send(JSON.stringify(payload));
	const hangUp = () => socket?.close(resumeLater);
	const beat = () => {
		// A line on which nothing comes back is dead, whatever the socket says.
		if (!isAcknowledged) return hangUp();
		isAcknowledged = false;
		say({ op: op.heartbeat, d: last });
	};
	const onHello = (d: unknown) => {
		const interval = Hello.parse(d).heartbeat_interval;
		// The first one comes at a random moment, so that not everybody's come at once.
		heartbeats = setTimeout(() => {
			beat();
			heartbeats = setInterval(beat, interval);
		}, interval * Math.random());
		say(opening);
	};
	const onPayload = ({ op: code, d, s, t }: z.infer<typeof Payload>) => {
		if (code === op.hello) onHello(d);
		else if (code === op.heartbeatAck) isAcknowledged = true;
		else if (code === op.heartbeat) say({ op: op.heartbeat, d: last });
		else if (code === op.reconnect) hangUp();
		else if (code === op.invalidSession) {
			invalid = d !== true;
			hangUp();
		} else if (code === op.dispatch && typeof s === "number" && t) {
			last = s;
			if (t === "READY" || t === "RESUMED") wasUp = true;
			onEvent({ name: t, data: d, sequence: s });
		}
	};
	// Its first words may come together with the connection.
	const early: string[] = [];
	const onMessage = (text: string) => {
		if (!socket) return void early.push(text);
		try {
			onPayload(Payload.parse(parseJson(text)));
		} catch {
			hangUp();
		}
	};

	const patience = setTimeout(() => wasUp || hangUp(), upWithinMs);
	const dialling = new AbortController();
	const onAbort = () => (socket ? hangUp() : dialling.abort());
	signal.addEventListener("abort", onAbort);
	if (signal.aborted) onAbort();
	try {
		socket = await connect(target.href, { signal: dialling.signal, maxMessageBytes, onMessage, onClose: ended.resolve });
		for (const text of early) onMessage(text);
		return { code: await ended.promise, wasUp, invalid };
	} catch (error) {
		throw unheard(error);
	} finally {
		signal.removeEventListener("abort", onAbort);
		clearTimeout(patience);
		clearTimeout(heartbeats);
		clearInterval(heartbeats);
	}
};
