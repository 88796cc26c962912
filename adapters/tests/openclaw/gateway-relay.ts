import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";

type Frame = { type?: string; id?: string; method?: string; params?: Record<string, unknown>; payload?: Record<string, unknown> };
/** One call through the relay, with what the gateway answered. */
export type Relayed = { method: string; params: Record<string, unknown>; answer?: Record<string, unknown> | undefined };

/**
 * Stands on 127.0.0.1 before a gateway that is somewhere else, passes everything on, and keeps it. It can break the wire at a message:
 * before it (`drop`), or once the gateway has answered it (`cut`).
 */
export const startGatewayRelay = async (gateway: string) => {
	const calls: Relayed[] = [];
	let broken: "cut" | "drop" | null = null;
	const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
	await once(server, "listening");

	server.on("connection", (client) => {
		const upstream = new WebSocket(gateway);
		const open = new Map<string, Relayed>();
		const hangUp = () => {
			client.terminate();
			upstream.terminate();
		};
		for (const socket of [client, upstream]) socket.on("error", hangUp).on("close", hangUp);
		// Whoever connects says nothing before the gateway has greeted it.
		client.on("message", (data) => {
			const { id = "", method = "", params = {} } = JSON.parse(String(data)) as Frame;
			if (method === "agent" && broken === "drop") return hangUp();
			const call: Relayed = { method, params };
			calls.push(call);
			open.set(id, call);
			upstream.send(String(data));
		});
		upstream.on("message", (data) => {
			const { type, id = "", payload } = JSON.parse(String(data)) as Frame;
			const call = type === "res" ? open.get(id) : undefined;
			if (call) call.answer ??= payload;
			if (call?.method === "agent" && broken === "cut") hangUp();
			else client.send(String(data));
		});
	});

	return {
		url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
		calls,
		/** Until it is mended: what happens to messages. */
		break: (how: typeof broken) => {
			broken = how;
		},
		async close() {
			for (const client of server.clients) client.terminate();
			await new Promise((done) => server.close(done));
		},
	};
};
