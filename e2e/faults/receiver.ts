import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";

export type Hit = {
	/** Its webhook-id. */
	id: string;
	type: string;
	agentRequestId: string;
	headers: IncomingHttpHeaders;
	body: Buffer;
	bodyHash: string;
	at: number;
	/** Grows with every connection: two hits of the same number came over the same one. */
	connection: number;
	/** When the wire ended; null while it stands. */
	closedAt: number | null;
};

/** What a receiver does once it has read a message to its end. */
export type Behaviour = (exchange: { request: IncomingMessage; response: ServerResponse; hit: Hit }) => void;

/** By turns, the last one for all that follow; or chosen for each message and its number, from 1. */
export type Script = [Behaviour, ...Behaviour[]] | ((hit: Hit, number: number) => Behaviour);

export type Receiver = AsyncDisposable & {
	url: string;
	port: number;
	/** Messages in the order in which they came; without pings and words of an end, which are always taken with a 204. */
	hits: Hit[];
	pings: Hit[];
	/** How often each message came, by its webhook-id. */
	byMessage(): Map<string, Hit[]>;
};

export type ReceiverOptions = { host?: string; tls?: Pick<ServerOptions, "key" | "cert"> };

const json = { "content-type": "application/json" };

export const status =
	(code: number, headers: Record<string, string> = {}, body = ""): Behaviour =>
	({ response }) =>
		void response.writeHead(code, headers).end(body);

/** A 200 with an agent's answer in it, which ends the request. */
export const answer = (headers: Record<string, string> = {}, text = "Done."): Behaviour =>
	status(200, { ...json, ...headers }, JSON.stringify({ type: "answer", text }));

export const hang: Behaviour = () => {};

/** Behaves like that after so many ms, or once something has happened. */
export const after =
	(when: number | Promise<unknown>, behaviour: Behaviour): Behaviour =>
	async (exchange) => {
		await (typeof when === "number" ? sleep(when) : when);
		behaviour(exchange);
	};

/** One behaviour for the first copy of each message, another one for all that follow. */
export const byCopy = (first: Behaviour, later: Behaviour): Script => {
	const seen = new Set<string>();
	return ({ id }) => {
		if (seen.has(id)) return later;
		seen.add(id);
		return first;
	};
};

/** A 200 whose body comes a byte a second. */
export const drip: Behaviour = ({ response }) => {
	response.writeHead(200, json);
	const dripping = setInterval(() => response.write(" "), 1_000);
	response.write(" ");
	response.once("close", () => clearInterval(dripping));
};

/** A 200 whose body ends after so many bytes, or never. */
export const flood =
	(bytes = Number.POSITIVE_INFINITY): Behaviour =>
	({ response }) => {
		response.writeHead(200, json);
		const chunk = Buffer.alloc(65_536, " ");
		const chunks = function* () {
			for (let sent = 0; sent < bytes; sent += chunk.length) yield chunk;
		};
		pipeline(Readable.from(chunks()), response).catch(() => {});
	};

/** Half of the body that the head of a 200 announces. */
export const cutMidBody: Behaviour = ({ response }) => {
	response.writeHead(200, { ...json, "content-length": "1000" });
	response.write(" ".repeat(500), () => response.destroy());
};

export const cutBeforeHead: Behaviour = ({ request }) => void request.socket.destroy();

export const reset: Behaviour = ({ request }) => void request.socket.resetAndDestroy();

/** A 102 and a 103 before the response proper. */
export const informed =
	(behaviour: Behaviour): Behaviour =>
	(exchange) => {
		exchange.response.writeProcessing();
		exchange.response.writeEarlyHints({ link: "</style.css>; rel=preload" });
		behaviour(exchange);
	};

/** A small body that says it is so many zeros. */
export const gzipBomb = (bytes: number): Behaviour => {
	const bomb = gzipSync(Buffer.alloc(bytes));
	return ({ response }) => void response.writeHead(200, { ...json, "content-encoding": "gzip" }).end(bomb);
};

const listen = async (
	server: Server,
	scheme: string,
	host: string,
	wanted = 0,
): Promise<{ url: string; port: number } & AsyncDisposable> => {
	const sockets = new Set<Socket>();
	server.on("connection", (socket: Socket) => {
		sockets.add(socket);
		socket.on("error", () => {});
		socket.once("close", () => sockets.delete(socket));
	});
	server.listen(wanted, host);
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	return {
		url: `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}/hook`,
		port,
		[Symbol.asyncDispose]: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise<void>((done) => server.close(() => done()));
		},
	};
};

/** A connection, and what came over it. */
type Wire = { number: number; hits: Hit[] };

const read = async (request: IncomingMessage, { number: connection, hits }: Wire): Promise<Hit> => {
	const at = Date.now();
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk);
	const body = Buffer.concat(chunks);
	const { type, data } = JSON.parse(body.toString()) as { type: string; data: { agent_request_id?: string } };
	const hit: Hit = {
		id: String(request.headers["webhook-id"]),
		type,
		agentRequestId: data.agent_request_id ?? "",
		headers: request.headers,
		body,
		bodyHash: createHash("sha256").update(body).digest("hex"),
		at,
		connection,
		closedAt: null,
	};
	hits.push(hit);
	return hit;
};

/** The receiver of all cases: writes down what comes, and behaves as its script says. */
export const startReceiver = async (script: Script, { host = "127.0.0.1", tls }: ReceiverOptions = {}): Promise<Receiver> => {
	const hits: Hit[] = [];
	const pings: Hit[] = [];
	const wires = new WeakMap<Socket, Wire>();
	let opened = 0;
	const wireOf = (socket: Socket): Wire => {
		const known = wires.get(socket);
		if (known) return known;
		opened += 1;
		const wire: Wire = { number: opened, hits: [] };
		wires.set(socket, wire);
		socket.once("close", () => {
			for (const hit of wire.hits) hit.closedAt = Date.now();
		});
		return wire;
	};
	const behaviourOf = (hit: Hit, number: number): Behaviour =>
		typeof script === "function" ? script(hit, number) : (script[number - 1] ?? script[script.length - 1] ?? hang);
	const receive = async (request: IncomingMessage, response: ServerResponse) => {
		const hit = await read(request, wireOf(request.socket));
		if (["ping", "agent.request.superseded", "agent.request.closed"].includes(hit.type)) {
			if (hit.type === "ping") pings.push(hit);
			response.writeHead(204).end();
			return;
		}
		hits.push(hit);
		await behaviourOf(hit, hits.length)({ request, response, hit });
	};
	const listener = (request: IncomingMessage, response: ServerResponse) => void receive(request, response).catch(() => response.destroy());
	const listening = await listen(tls ? createTlsServer(tls, listener) : createServer(listener), tls ? "https" : "http", host);
	return { ...listening, hits, pings, byMessage: () => Map.groupBy(hits, ({ id }) => id) };
};

export type BareReceiver = AsyncDisposable & { url: string; port: number; connections(): number };

/** Takes connections and treats each as it is told: for peers that don't speak HTTP properly, or at all. */
export const startBareReceiver = async (onSocket: (socket: Socket) => void, host = "127.0.0.1", port = 0): Promise<BareReceiver> => {
	let connections = 0;
	const server = createTcpServer({ pauseOnConnect: true }, (socket) => {
		connections += 1;
		onSocket(socket);
	});
	return { ...(await listen(server, "http", host, port)), connections: () => connections };
};
