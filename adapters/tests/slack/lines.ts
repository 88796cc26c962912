import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type WebSocket, WebSocketServer } from "ws";
import type { SlackPost } from "./posts.ts";
import { workspace } from "./workspace.ts";

/** After so long without a yes Slack says an event again, through any of the lines. */
const redeliverMs = 300;

type Envelope = { id: string; post: Pick<SlackPost, "type" | "payload">; attempt: number; answered: (payload: unknown) => void };

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
	let mute = false;
	/** The most and the fewest lines there ever were since the first. */
	let fewest = Number.POSITIVE_INFINITY;

	const say = (envelope: Envelope) => {
		const line = open[count++ % open.length];
		if (!line) return;
		const { id, post, attempt } = envelope;
		const accepts = post.type === "interactive";
		const retry = accepts ? {} : { retry_attempt: attempt, retry_reason: attempt === 0 ? "" : "timeout" };
		line.send(JSON.stringify({ envelope_id: id, type: post.type, payload: post.payload, accepts_response_payload: accepts, ...retry }));
		if (accepts) return;
		envelope.attempt += 1;
		setTimeout(() => waiting.has(id) && say(envelope), redeliverMs).unref();
	};

	server.on("connection", (line, request) => {
		const ticket = new URL(request.url ?? "", "ws://slack").searchParams.get("ticket") ?? "";
		if (!tickets.delete(ticket)) return line.close(1008);
		line.on("error", () => {});
		line.on("close", () => {
			open.splice(open.indexOf(line), 1);
			fewest = Math.min(fewest, open.length);
		});
		line.on("message", (data) => {
			const { envelope_id, payload } = JSON.parse(String(data));
			const envelope = waiting.get(envelope_id);
			waiting.delete(envelope_id);
			envelope?.answered(payload);
		});
		if (mute) return;
		open.push(line);
		line.send(
			JSON.stringify({
				...{ type: "hello", num_connections: open.length, connection_info: { app_id: workspace.appId } },
				debug_info: { host: "applink-1", approximate_connection_time: 18_060 },
			}),
		);
		for (const envelope of waiting.values()) say(envelope);
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
		tell: (post: Pick<SlackPost, "type" | "payload">): Promise<unknown> =>
			new Promise((answered) => {
				const envelope = { id: `envelope-${count++}`, post, attempt: 0, answered };
				waiting.set(envelope.id, envelope);
				say(envelope);
			}),
		/** What nobody has said yes to. */
		unanswered: () => [...waiting.values()].map(({ post }) => post.payload),
		/** Slack wants this line replaced, and closes it a moment later. */
		refresh: (reason = "refresh_requested", line = open[0], graceMs = 500) => ends(line, reason, graceMs),
		/** The wire of each line is cut. */
		cut: (lines = [...open]) => {
			for (const line of lines) line.terminate();
		},
		/** Says any words to all lines. */
		babble: (text: string) => {
			for (const line of open) line.send(text);
		},
		/** New connections hear nothing, not even hello. */
		beMute: () => {
			mute = true;
		},
		close: async () => {
			for (const line of server.clients) line.terminate();
			await new Promise<void>((done) => server.close(() => done()));
		},
	};
};
