import { readFile } from "node:fs/promises";
import { describe, expect, test, vi } from "vitest";
import { startHttp, withHttps, withTcp } from "../loopback.ts";
import { failure, get, useClients } from "./harness.ts";

const { client, local } = useClients();

describe("typed failures", () => {
	test("a peer that never answers: timeout, perhaps received", async () => {
		await withTcp(
			() => {},
			async ({ url }) => {
				const start = performance.now();
				expect(await failure(get(local({ totalTimeoutMs: 300 }), url))).toMatchObject({ code: "timeout", sent: true });
				expect(performance.now() - start).toBeLessThan(700);
			},
		);
	});

	test("a slow agent has the 15 s that it was promised, and no more", async () => {
		const { promise: asked, resolve: onAsked } = Promise.withResolvers<void>();
		await withTcp(
			(socket) => socket.once("data", () => onAsked()),
			async ({ url }) => {
				vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
				try {
					let ended = false;
					const failed = failure(get(local(), url)).finally(() => {
						ended = true;
					});
					await asked;
					await vi.advanceTimersByTimeAsync(14_900);
					expect(ended).toBe(false);
					await vi.advanceTimersByTimeAsync(200);
					expect(await failed).toMatchObject({ code: "timeout", message: "no answer within 15 s" });
				} finally {
					vi.useRealTimers();
				}
			},
		);
	});

	test("a peer that never reads a large body: timeout", async () => {
		await withTcp(
			(socket) => socket.pause(),
			async ({ url }) => {
				const request = local({ totalTimeoutMs: 300 })(url, {
					method: "POST",
					headers: {},
					body: new Uint8Array(20_000_000),
					signal: new AbortController().signal,
				});
				expect(await failure(request)).toMatchObject({ code: "timeout", sent: true });
			},
		);
	});

	test("a resolver that hangs: timeout, nothing sent", async () => {
		const fetch = client({ resolve: () => new Promise(() => {}), connectTimeoutMs: 200 });
		expect(await failure(get(fetch, "http://slow.example.com/"))).toMatchObject({ code: "timeout", sent: false });
	});

	test("the total deadline also ends a request that still connects", async () => {
		const fetch = client({ resolve: () => new Promise(() => {}), connectTimeoutMs: 800, totalTimeoutMs: 100 });
		const start = performance.now();
		expect(await failure(get(fetch, "http://slow.example.com/"))).toMatchObject({ code: "timeout", sent: false });
		expect(performance.now() - start).toBeLessThan(500);
	});

	test("a reset before the answer: reset, perhaps received", async () => {
		await withTcp(
			(socket) => socket.once("data", () => socket.resetAndDestroy()),
			async ({ url }) => expect(await failure(get(local(), url))).toMatchObject({ code: "reset", sent: true }),
		);
	});

	test("a close before the answer: reset", async () => {
		await withTcp(
			(socket) => socket.once("data", () => socket.end()),
			async ({ url }) => expect(await failure(get(local(), url))).toMatchObject({ code: "reset", sent: true }),
		);
	});

	test("a peer that closes a kept connection as we send gets one request, not a silent second", async () => {
		let requests = 0;
		await withTcp(
			(socket) =>
				socket.on("data", () => {
					requests++;
					if (requests === 1) socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
					else socket.resetAndDestroy();
				}),
			async ({ url }) => {
				const fetch = local();
				await get(fetch, url);
				expect(await failure(get(fetch, url))).toMatchObject({ code: "reset", sent: true });
				expect(requests).toBe(2);
			},
		);
	});

	test("nobody listens: connect, nothing sent", async () => {
		const server = await startHttp(() => {});
		await server.close();
		expect(await failure(get(local(), server.url))).toMatchObject({ code: "connect", sent: false });
	});

	test("an unknown name: dns, nothing sent", async () => {
		const fetch = client({
			resolve: async () => {
				throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
			},
		});
		expect(await failure(get(fetch, "http://nobody.example.com/"))).toMatchObject({ code: "dns", sent: false });
		expect(await failure(get(client({ resolve: async () => [] }), "http://nobody.example.com/"))).toMatchObject({
			code: "dns",
			sent: false,
		});
	});

	test("https to a server that speaks plain text: tls, nothing sent", async () => {
		await withTcp(
			(socket) => socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
			async ({ port }) => expect(await failure(get(local(), `https://127.0.0.1:${port}/`))).toMatchObject({ code: "tls", sent: false }),
		);
	});

	test("a self-signed certificate: tls, and no request arrives", async () => {
		let hits = 0;
		const [key, cert] = await Promise.all(
			["key", "crt"].map((end) => readFile(new URL(`../../fixtures/tls/self-signed.${end}`, import.meta.url))),
		);
		await withHttps(
			{ key, cert },
			() => hits++,
			async ({ url }) => {
				expect(await failure(get(local(), url))).toMatchObject({ code: "tls", sent: false });
				expect(hits).toBe(0);
			},
		);
	});

	test.each([
		["nonsense", "SSH-2.0-OpenSSH_9.6\r\n"],
		["endless headers", `HTTP/1.1 200 OK\r\n${`x-pad: ${"y".repeat(1_000)}\r\n`.repeat(64)}\r\n`],
	])("%s for an answer: protocol", async (_name, answer) => {
		await withTcp(
			(socket) => socket.once("data", () => socket.write(answer)),
			async ({ url }) => expect(await failure(get(local(), url))).toMatchObject({ code: "protocol", sent: true }),
		);
	});

	test("the caller's signal ends the request: aborted, or timeout when it is a deadline", async () => {
		await withTcp(
			() => {},
			async ({ url }) => {
				const controller = new AbortController();
				setTimeout(() => controller.abort(), 100);
				expect(await failure(get(local(), url, controller.signal))).toMatchObject({ code: "aborted", sent: true });
				expect(await failure(get(local(), url, controller.signal))).toMatchObject({ code: "aborted", sent: false });
				expect(await failure(get(local(), url, AbortSignal.timeout(100)))).toMatchObject({ code: "timeout", sent: true });
			},
		);
	});

	test("a header that would break the request is refused before anything is sent", async () => {
		let hits = 0;
		await withTcp(
			() => hits++,
			async ({ url }) => {
				const request = local()(url, { method: "GET", headers: { "x-a": "1\r\nx-b: 2" }, signal: new AbortController().signal });
				expect((await failure(request)).sent).toBe(false);
				expect(hits).toBe(0);
			},
		);
	});
});
