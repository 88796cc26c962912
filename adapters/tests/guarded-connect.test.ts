import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { GuardedConnect } from "@agentplanner/contracts";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type ServerOptions, type WebSocket, WebSocketServer } from "ws";
import { FetchError, UpgradeRefusedError } from "../src/fetch-error.ts";
import { createGuardedConnect, type GuardedConnectOptions } from "../src/guarded-connect.ts";
import { withHttp, withHttps, withTcp } from "./loopback.ts";

type Init = Parameters<GuardedConnect>[1];

const local = (options: Partial<GuardedConnectOptions> = {}) => createGuardedConnect({ allowedNetworks: ["127.0.0.1/32"], ...options });

/** Gathers what comes over the wire. */
const ears = (signal = AbortSignal.timeout(10_000)) => {
	const messages: string[] = [];
	const closes: { code: number; reason: string }[] = [];
	const init: Init = {
		signal,
		onMessage: (text) => messages.push(text),
		onClose: (code, reason) => closes.push({ code, reason }),
	};
	return { messages, closes, init };
};

const startEcho = async (greet: (socket: WebSocket) => void = () => {}, options: ServerOptions = {}) => {
	const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: true, ...options });
	await once(server, "listening");
	const headers: Record<string, unknown>[] = [];
	server.on("connection", (socket, request) => {
		headers.push(request.headers);
		socket.on("error", () => {});
		socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
		greet(socket);
	});
	onTestFinished(() => {
		for (const client of server.clients) client.terminate();
		server.close();
	});
	return { url: `ws://127.0.0.1:${(server.address() as { port: number }).port}`, headers, server };
};

const failure = async (opening: Promise<unknown>): Promise<FetchError> => {
	const error = await opening.then(
		() => expect.fail("it opened"),
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(FetchError);
	return error as FetchError;
};

test.each(["ws", "http"])("talks over %s, from the first word on, with our headers", async (scheme) => {
	const { url, headers } = await startEcho((socket) => socket.send("hello"));
	const { messages, closes, init } = ears();
	const socket = await local()(url.replace(/^ws/, scheme), { ...init, headers: { "x-own": "1" } });
	socket.send("ünï");
	await vi.waitUntil(() => messages.length === 2);
	expect(messages).toEqual(["hello", "ünï"]);
	expect(headers[0]).toMatchObject({ "x-own": "1" });
	socket.close();
	await vi.waitUntil(() => closes.length === 1);
	expect(() => socket.send("late")).not.toThrow();
});

test("tells with which code and reason the peer closed", async () => {
	const { url } = await startEcho((socket) => setTimeout(() => socket.close(4008, "slow"), 20));
	const { closes, init } = ears();
	await local()(url, init);
	await vi.waitUntil(() => closes.length === 1);
	expect(closes).toEqual([{ code: 4008, reason: "slow" }]);
});

test("a peer that has fallen silent without a word is told as a broken wire; one that answers pings is not", async () => {
	const deaf = await startEcho(undefined, { autoPong: false });
	const alive = await startEcho();
	const [lost, kept] = [ears(), ears()];
	await local()(deaf.url, { ...lost.init, pingEveryMs: 50 });
	const socket = await local()(alive.url, { ...kept.init, pingEveryMs: 50 });
	await vi.waitUntil(() => lost.closes.length === 1);
	await new Promise((done) => setTimeout(done, 300));
	expect([lost.closes, kept.closes]).toMatchObject([[{ code: 1006 }], []]);
	socket.close();
});

test("a wire that breaks is told as 1006", async () => {
	const { url } = await startEcho((socket) => setTimeout(() => socket.terminate(), 20));
	const { closes, init } = ears();
	await local()(url, init);
	await vi.waitUntil(() => closes.length === 1);
	expect(closes).toMatchObject([{ code: 1006 }]);
});

describe("is bounded", () => {
	test.each([
		["plain", (socket: WebSocket) => socket.send("x".repeat(5_000), { compress: false })],
		["compressed", (socket: WebSocket) => socket.send("x".repeat(200_000), { compress: true })],
		["binary", (socket: WebSocket) => socket.send(Buffer.from("x"))],
	])("a %s message that is none of ours ends the connection", async (_name, greet) => {
		const { url } = await startEcho(greet);
		const { messages, closes, init } = ears();
		await local()(url, { ...init, maxMessageBytes: 4_096 });
		await vi.waitUntil(() => closes.length === 1);
		expect(messages).toEqual([]);
	});

	test("a peer that never finishes the handshake", async () => {
		await withTcp(
			() => {},
			async ({ port }) => {
				const error = await failure(local({ handshakeTimeoutMs: 100 })(`ws://127.0.0.1:${port}`, ears().init));
				expect(error).toMatchObject({ code: "timeout", sent: false });
			},
		);
	});

	test("whoever gives up before it is open isn't connected any more", async () => {
		await withTcp(
			() => {},
			async ({ port }) => {
				const signal = AbortSignal.timeout(50);
				expect(await failure(local()(`ws://127.0.0.1:${port}`, ears(signal).init))).toMatchObject({ code: "timeout" });
				expect(await failure(local()(`ws://127.0.0.1:${port}`, ears(AbortSignal.abort()).init))).toMatchObject({ code: "aborted" });
			},
		);
	});

	test("the signal ends an open connection, also where the peer doesn't answer the farewell", async () => {
		const { url, server } = await startEcho((socket) => socket.pause());
		const control = new AbortController();
		const { closes, init } = ears(control.signal);
		await local()(url, init);
		control.abort();
		await vi.waitUntil(() => closes.length === 1, { timeout: 5_000 });
		for (const client of server.clients) client.resume();
		await vi.waitUntil(() => server.clients.size === 0, { timeout: 5_000 });
	});
});

describe("refused addresses are never dialled", () => {
	test.each(["ws://127.0.0.1", "http://2130706433", "ws://[::1]", "ws://localhost"])("%s", async (url) => {
		let hits = 0;
		await withTcp(
			() => hits++,
			async ({ port }) => {
				expect(await failure(createGuardedConnect({ allowedNetworks: [] })(`${url}:${port}`, ears().init))).toMatchObject({
					code: "blocked",
					sent: false,
				});
				expect(hits).toBe(0);
			},
		);
	});

	test("a name that leads to a private address, on a port of a database, with a password, or no URL", async () => {
		const connect = createGuardedConnect({ allowedNetworks: [], resolve: async () => [{ address: "10.0.0.5", family: 4 }] });
		expect(await failure(connect("wss://gateway.example.org", ears().init))).toMatchObject({ code: "blocked" });
		expect(await failure(local()("ws://127.0.0.1:5432", ears().init))).toMatchObject({ code: "blocked" });
		expect(await failure(local()("ws://user:pass@127.0.0.1:8000", ears().init))).toMatchObject({ code: "invalid_url" });
		expect(await failure(local()("ftp://127.0.0.1", ears().init))).toMatchObject({ code: "invalid_url" });
	});
});

describe("what is no WebSocket", () => {
	test.each([301, 401, 403, 503, 200])("an answer of %s is told with its headers and not followed", async (status) => {
		let hits = 0;
		await withHttp(
			(_request, response) => {
				hits += 1;
				response.writeHead(status, { location: "/elsewhere", "retry-after": "7" }).end("no");
			},
			async ({ url }) => {
				const error = await failure(local()(url, ears().init));
				expect(error).toBeInstanceOf(UpgradeRefusedError);
				expect(error).toMatchObject({ code: "protocol", status, headers: { "retry-after": "7" }, sent: false });
				expect(hits).toBe(1);
			},
		);
	});

	test("a peer that drops the connection, and a closed port", async () => {
		let closed = 0;
		await withTcp(
			(socket) => socket.destroy(),
			async ({ port }) => {
				closed = port;
				expect(await failure(local()(`ws://127.0.0.1:${port}`, ears().init))).toMatchObject({ code: "reset" });
			},
		);
		expect(await failure(local()(`ws://127.0.0.1:${closed}`, ears().init))).toMatchObject({ code: "connect" });
	});

	test("a certificate that nobody vouches for", async () => {
		const read = (name: string) => readFile(new URL(`../fixtures/tls/self-signed.${name}`, import.meta.url));
		await withHttps(
			{ key: await read("key"), cert: await read("crt") },
			() => {},
			async ({ port }) => {
				expect(await failure(local()(`wss://127.0.0.1:${port}`, ears().init))).toMatchObject({ code: "tls" });
			},
		);
	});
});
