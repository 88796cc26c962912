import { connect } from "node:net";
import { SocketMessage } from "@agentplanner/contracts";
import { afterEach } from "vitest";
import { WebSocket } from "ws";
import type { Caller } from "./start-api.ts";

/** WebSockets to an API for the tests of a file; each is closed with its test. */
export const useSockets = (url: () => string) => {
	const open: WebSocket[] = [];
	afterEach(() => {
		for (const socket of open.splice(0)) socket.terminate();
	});

	const address = () => `${url().replace("http", "ws")}/api/v1/socket`;

	/** An open page: what it was sent, and how to wait for more. */
	const openPage = async (caller: Pick<Caller, "cookie">, headers: Record<string, string> = {}) => {
		const socket = new WebSocket(address(), { headers: { cookie: caller.cookie ?? "", ...headers } });
		open.push(socket);
		const messages: SocketMessage[] = [];
		const closed = new Promise<number>((resolve) => socket.on("close", resolve));
		socket.on("message", (data) => messages.push(SocketMessage.parse(JSON.parse(data.toString()))));
		await new Promise<void>((resolve, reject) => {
			socket.on("open", resolve);
			socket.on("error", reject);
		});
		const until = async (matches: (message: SocketMessage) => boolean, withinMs = 2_000) => {
			const giveUpAt = Date.now() + withinMs;
			for (;;) {
				const found = messages.find(matches);
				if (found) return found;
				if (Date.now() > giveUpAt) throw new Error(`Not sent within ${withinMs} ms; sent: ${JSON.stringify(messages)}`);
				await new Promise((resolve) => setTimeout(resolve, 10));
			}
		};
		return {
			socket,
			messages,
			closed,
			until,
			say: (message: unknown) => socket.send(typeof message === "string" ? message : JSON.stringify(message)),
			subscribe: async (projectId: string, after: number | null = null) => {
				socket.send(JSON.stringify({ type: "subscribe", project_id: projectId, after }));
				return until(({ type }) => type === "subscribed");
			},
		};
	};

	/** A script: shows a token in a header instead of a cookie. */
	const openScript = (headers: Record<string, string>) => openPage({ cookie: null }, headers);

	/** The HTTP status with which an upgrade was refused. */
	const refusal = (headers: Record<string, string>, at = address()) =>
		new Promise<number>((resolve, reject) => {
			const socket = new WebSocket(at, { headers });
			socket.on("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
			socket.on("open", () => reject(new Error("It was opened.")));
			socket.on("error", () => {});
		});

	/** The whole response to a request with an Upgrade header. */
	const rawUpgrade = (method: string, target: string, protocol: string, body = "") =>
		new Promise<string>((resolve, reject) => {
			const stream = connect(Number(new URL(url()).port), "127.0.0.1");
			let text = "";
			stream.setEncoding("utf8").on("data", (part: string) => {
				text += part;
				// Kept alive otherwise: the request says `Connection: Upgrade`, not `close`.
				if (text.includes("\r\n\r\n")) setTimeout(() => stream.destroy(), 20);
			});
			stream.on("error", reject).on("close", () => resolve(text));
			stream.write(
				`${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: ${protocol}\r\n` +
					`Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
			);
		});

	return { address, openPage, openScript, refusal, rawUpgrade };
};
