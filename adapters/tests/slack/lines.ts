import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type WebSocket, WebSocketServer } from "ws";
import type { SlackPost } from "./posts.ts";
import { workspace } from "./workspace.ts";

/** After so long without a yes Slack says an event again, through any of the lines. */
const redeliverMs = 300;

type Word = Pick<SlackPost, "payload" | "type">;
type Envelope = { id: string; post: Word; attempt: number; said: boolean; answered: (payload: unknown) => void };

const hello = {
	...{ type: "hello", connection_info: { app_id: workspace.appId } },
	debug_info: { host: "applink-1", approximate_connection_time: 18_060 },
};

/**
 * The far end of Socket Mode: each URL is good for one connection, each envelope goes to any one of them, what isn't acknowledged comes again.
 * https://docs.slack.dev/apis/events-api/using-socket-mode
 */
export const startLines = async () => {
	const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	const tickets = new Set<string>();
	const open: WebSocket[] = [];
	const waiting = new Map<string, Envelope>();
	let count = 0;
	let greeting: object | null = hello;
	let fewest = Number.POSITIVE_INFINITY;
	let restless = false;

	const say = (envelope: Envelope) => {
		if (!waiting.has(envelope.id)) return;
		const line = open[count++ % open.length];
		if (!line) return;
		envelope.said = true;
		const { id, post, attempt } = envelope;
		const accepts = post.type !== "events_api";
		const retry = accepts ? {} : { retry_attempt: attempt, retry_reason: attempt === 0 ? "" : "timeout" };
		line.send(JSON.stringify({ envelope_id: id, type: post.type, payload: post.payload, accepts_response_payload: accepts, ...retry }));
		if (accepts) return;
		envelope.attempt += 1;
		setTimeout(() => {
			envelope.said = false;
			say(envelope);
		}, redeliverMs).unref();
	};

	const forget = (line: WebSocket) => {
		const place = open.indexOf(line);
		if (place === -1) return;
		open.splice(place, 1);
		fewest = Math.min(fewest, open.length);
	};

	server.on("connection", (line, request) => {
		const ticket = new URL(request.url ?? "", "ws://slack").searchParams.get("ticket") ?? "";
		if (!tickets.delete(ticket)) return line.close(1008);
		line.on("error", () => {});
		line.on("close", () => forget(line));
		line.on("message", (data) => {
			const { envelope_id, payload } = JSON.parse(String(data));
			const envelope = waiting.get(envelope_id);
			waiting.delete(envelope_id);
			envelope?.answered(payload);
		});
		if (greeting !== hello) {
			if (greeting) line.send(JSON.stringify(greeting));
			return;
		}
		open.push(line);
		line.send(JSON.stringify({ ...hello, num_connections: open.length }));
		for (const envelope of waiting.values()) if (!envelope.said) say(envelope);
		if (restless) line.send(JSON.stringify({ type: "disconnect", reason: "refresh_requested" }));
	});

	const ends = async (line: WebSocket | undefined, reason: string, graceMs: number) => {
		line?.send(JSON.stringify({ type: "disconnect", reason, debug_info: { host: "applink-1" } }));
		await sleep(graceMs);
		line?.close(1000);
	};
	return {
		newUrl: () => {
			const ticket = `ticket-${count++}`;
			tickets.add(ticket);
			return `ws://127.0.0.1:${port}/link/?ticket=${ticket}&app_id=${workspace.appId}`;
		},
		open,
		/** How few lines there ever were after the first one. */
		fewest: () => fewest,
		/** Tells of something through one of the lines, now or once there is one; resolves with what came back with the yes. */
		tell: (post: Word): Promise<unknown> =>
			new Promise((answered) => {
				const envelope = { id: `envelope-${count++}`, post, attempt: 0, said: false, answered };
				waiting.set(envelope.id, envelope);
				say(envelope);
			}),
		/** What nobody has said yes to. */
		unanswered: () => [...waiting.values()].map(({ post }) => post.payload),
		/** Slack wants this line replaced, and closes it a moment later. */
		refresh: (reason = "refresh_requested", line = open[0], graceMs = 500) => ends(line, reason, graceMs),
		/** Slack wants every line replaced from now on, as soon as it is there. */
		tire: () => {
			restless = true;
		},
		/** The wires are cut, of those to whom it said no hello as well. */
		cut: (lines: Iterable<WebSocket> = server.clients) => {
			for (const line of [...lines]) {
				line.terminate();
				forget(line);
			}
		},
		/** Says any words to all lines. */
		babble: (text: string) => {
			for (const line of open) line.send(text);
		},
		/** New connections hear this in place of the hello, or nothing. */
		greet: (words: object | null) => {
			greeting = words;
		},
		/** Connections that heard no hello. */
		strangers: () => server.clients.size - open.length,
		close: async () => {
			for (const line of server.clients) line.terminate();
			await new Promise<void>((done) => server.close(() => done()));
		},
	};
};
