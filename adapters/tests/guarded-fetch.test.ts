import { readFile } from "node:fs/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { isPublicAddress } from "../src/address-rules.ts";
import { assertPublicUrl } from "../src/assert-public-url.ts";
import { FetchError } from "../src/fetch-error.ts";
import { createGuardedFetch, type GuardedFetchClient, type GuardedFetchOptions } from "../src/guarded-fetch.ts";
import { readBody, startHttp, withHttp, withHttps, withTcp } from "./loopback.ts";

const clients: GuardedFetchClient[] = [];
const client = (options: Partial<GuardedFetchOptions> = {}): GuardedFetchClient => {
	const made = createGuardedFetch({ allowedNetworks: [], ...options });
	clients.push(made);
	return made;
};
const local = (options: Partial<GuardedFetchOptions> = {}) => client({ allowedNetworks: ["127.0.0.1/32"], ...options });

afterEach(async () => {
	await Promise.all(clients.splice(0).map((made) => made.close()));
});

const get = (fetch: GuardedFetchClient, url: string, signal = new AbortController().signal) =>
	fetch(url, { method: "GET", headers: {}, signal });
const failure = async (promise: Promise<unknown>): Promise<FetchError> => {
	const error = await promise.then(
		() => expect.fail("no error"),
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(FetchError);
	return error as FetchError;
};
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const at = (address: string) => ({ address, family: address.includes(":") ? 6 : 4 });

describe("refused addresses are never dialled", () => {
	const spellings = [
		"127.0.0.1",
		"2130706433",
		"0x7f.1",
		"0x7f000001",
		"0177.0.0.1",
		"127.1",
		"127.0.1",
		"0",
		"0.0.0.0",
		"[::1]",
		"[::]",
		"[::ffff:127.0.0.1]",
		"[::ffff:7f00:1]",
		"[::127.0.0.1]",
		"[64:ff9b::7f00:1]",
		"[2002:7f00:1::]",
		"127。0。0。1",
		"①②⑦.0.0.1",
		"localhost",
	];
	test.each(spellings)("http://%s", async (host) => {
		let hits = 0;
		await withTcp(
			() => hits++,
			async ({ port }) => {
				const error = await failure(get(client(), `http://${host}:${port}/`));
				expect(error).toMatchObject({ code: "blocked", sent: false });
				expect(hits).toBe(0);
			},
		);
	});

	test.each(["http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://168.63.129.16/", "http://10.0.0.1/"])(
		"%s",
		async (url) => expect(await failure(get(client(), url))).toMatchObject({ code: "blocked", sent: false }),
	);

	test.each([
		["a private answer", ["10.0.0.5"]],
		["a mixed answer", ["93.184.216.34", "127.0.0.1"]],
		["a mixed answer of both families", ["2606:4700:4700::1111", "::1"]],
		["a mapped answer", ["::ffff:127.0.0.1"]],
	])("a name with %s", async (_name, addresses) => {
		let hits = 0;
		await withTcp(
			() => hits++,
			async ({ port }) => {
				const fetch = client({ resolve: async () => addresses.map(at) });
				expect(await failure(get(fetch, `http://agent.example.com:${port}/`))).toMatchObject({ code: "blocked", sent: false });
				expect(hits).toBe(0);
			},
		);
	});

	test("a name that was public when it was saved and is private when it is called", async () => {
		let hits = 0;
		await withTcp(
			() => hits++,
			async ({ port }) => {
				const answers = ["93.184.216.34", "127.0.0.1"];
				const resolve = async () => [at(answers.shift() ?? "127.0.0.1")];
				const url = `http://rebind.example.com:${port}/`;
				await assertPublicUrl(url, [], { resolve });
				expect(await failure(get(client({ resolve }), url))).toMatchObject({ code: "blocked" });
				expect(hits).toBe(0);
			},
		);
	});

	test("a name is resolved once per connection, and the socket goes to that answer", async () => {
		let lookups = 0;
		await withHttp(
			(_request, response) => response.end("here"),
			async ({ port }) => {
				const fetch = client({
					isPublic: (address) => address === "127.0.0.1" || isPublicAddress(address),
					resolve: async () => [at(lookups++ === 0 ? "127.0.0.1" : "10.0.0.1")],
				});
				expect(text((await get(fetch, `http://flip.example.com:${port}/`)).body)).toBe("here");
				expect(lookups).toBe(1);
			},
		);
	});

	test("a socket whose peer is judged otherwise than the answer was is dropped before a byte is written", async () => {
		let bytes = 0;
		await withTcp(
			(socket) => socket.on("data", (chunk) => (bytes += chunk.length)),
			async ({ port }) => {
				let judged = 0;
				const fetch = client({ isPublic: () => judged++ === 0, resolve: async () => [at("127.0.0.1")] });
				expect(await failure(get(fetch, `http://peer.example.com:${port}/`))).toMatchObject({ code: "blocked", sent: false });
				expect(judged).toBe(2);
				expect(bytes).toBe(0);
			},
		);
	});

	test.each([
		["file:///etc/passwd", "must begin with"],
		["ftp://example.com/", "must begin with"],
		["http://user:pass@example.com/", "user name or password"],
		["http://user@example.com/", "user name or password"],
		["nonsense", "be read"],
	])("%s", async (url, message) => {
		const error = await failure(get(client(), url));
		expect(error).toMatchObject({ code: "invalid_url", sent: false });
		expect(error.message).toMatch(message);
	});

	test.each([22, 25, 6379, 5432])("port %i of a public address", async (port) => {
		const error = await failure(get(client({ resolve: async () => [at("93.184.216.34")] }), `http://example.com:${port}/`));
		expect(error).toMatchObject({ code: "blocked", sent: false });
	});

	test("an allowed network is dialled, its neighbour is not", async () => {
		await withHttp(
			(_request, response) => response.end("in"),
			async ({ url, port }) => {
				expect((await get(local(), url)).status).toBe(200);
				expect((await failure(get(local(), `http://127.0.0.9:${port}/`))).code).toBe("blocked");
			},
		);
	});
});

describe("early check of a URL", () => {
	test.each(["http://127.0.0.1/", "http://[::1]/", "https://10.1.1.1/hook", "http://0x7f.1/", "http://8.8.8.8:22/"])(
		"%s is blocked",
		async (url) => expect((await failure(assertPublicUrl(url, []))).code).toBe("blocked"),
	);
	test("a bad form is named", async () => expect((await failure(assertPublicUrl("ftp://x/", []))).code).toBe("invalid_url"));
	test("public and allowed addresses pass", async () => {
		await assertPublicUrl("https://8.8.8.8/", []);
		await assertPublicUrl("http://10.1.1.1:8022/", ["10.0.0.0/8"]);
	});
	test("a name that can't be resolved just now passes", async () => {
		await assertPublicUrl("https://agent.example.com/", [], {
			resolve: async () => {
				throw Object.assign(new Error("no"), { code: "EAI_AGAIN" });
			},
		});
	});
});

describe("bounded responses", () => {
	test("method, headers and exact bytes arrive, nothing is asked to be compressed", async () => {
		await withHttp(
			async (request, response) => {
				const body = await readBody(request);
				response.writeHead(201, { "x-two": ["a", "b"] });
				response.end(JSON.stringify({ ...request.headers, method: request.method, path: request.url, body: body.toString("hex") }));
			},
			async ({ url }) => {
				const response = await local()(`${url}/a/b?c=d#e`, {
					method: "POST",
					headers: { "x-own": "1" },
					body: Uint8Array.of(0, 255, 10),
					signal: new AbortController().signal,
				});
				expect(response).toMatchObject({ status: 201, truncated: false, headers: { "x-two": "a, b" } });
				expect(JSON.parse(text(response.body))).toMatchObject({
					method: "POST",
					path: "/a/b?c=d",
					"x-own": "1",
					"accept-encoding": "identity",
					"content-length": "3",
					body: "00ff0a",
				});
			},
		);
	});

	test.each([301, 302, 303, 307, 308])("a %i is handed back, not followed", async (status) => {
		let hits = 0;
		const target = await startHttp((_request, response) => {
			hits++;
			response.end();
		});
		await withHttp(
			(_request, response) => response.writeHead(status, { location: target.url }).end(),
			async ({ url }) => {
				expect(await get(local(), url)).toMatchObject({ status, headers: { location: target.url } });
				expect(hits).toBe(0);
			},
		).finally(() => target.close());
	});

	test("a hint before the response is not the response", async () => {
		await withHttp(
			(_request, response) => {
				response.writeEarlyHints({ link: "</x>; rel=preload" });
				response.end("late");
			},
			async ({ url }) => expect(await get(local(), url)).toMatchObject({ status: 200, truncated: false }),
		);
	});

	test("a compressed body stays as it is", async () => {
		await withHttp(
			(_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("not gzip"),
			async ({ url }) => expect(text((await get(local(), url)).body)).toBe("not gzip"),
		);
	});

	test("64 KiB are kept whole, one byte more is cut", async () => {
		await withHttp(
			(request, response) => response.end(Buffer.alloc(request.url === "/more" ? 65_537 : 65_536, 120)),
			async ({ url }) => {
				const whole = await get(local(), url);
				expect([whole.body.length, whole.truncated]).toEqual([65_536, false]);
				const cut = await get(local(), `${url}/more`);
				expect([cut.body.length, cut.truncated]).toEqual([65_536, true]);
			},
		);
	});

	test("endless bodies are left after 64 KiB, fifty at once, within little memory", async () => {
		let written = 0;
		await withHttp(
			(_request, response) => {
				const chunk = Buffer.alloc(16_384, 120);
				const pump = () => {
					while (!response.destroyed) {
						written += chunk.length;
						if (!response.write(chunk)) {
							response.once("drain", pump);
							return;
						}
					}
				};
				pump();
			},
			async ({ url }) => {
				const fetch = local();
				const responses = await Promise.all(Array.from({ length: 50 }, () => get(fetch, url)));
				expect(responses.every((response) => response.truncated && response.body.length === 65_536)).toBe(true);
				expect(written / 50).toBeLessThan(8_000_000);
			},
		);
	});

	test("a slow drip is cut at the total deadline and counts as answered", async () => {
		await withHttp(
			(_request, response) => {
				const drip = setInterval(() => response.write("x"), 50);
				response.on("close", () => clearInterval(drip));
				response.write("x");
			},
			async ({ url }) => {
				const start = performance.now();
				const response = await get(local({ totalTimeoutMs: 500 }), url);
				expect(response).toMatchObject({ status: 200, truncated: true });
				expect(response.body.length).toBeGreaterThan(1);
				expect(performance.now() - start).toBeGreaterThan(450);
				expect(performance.now() - start).toBeLessThan(900);
			},
		);
	});

	test("a body that breaks off counts as answered", async () => {
		await withHttp(
			(_request, response) => {
				response.writeHead(200, { "content-length": 100 });
				response.write("half", () => response.destroy());
			},
			async ({ url }) => {
				const response = await get(local(), url);
				expect([response.status, response.truncated, text(response.body)]).toEqual([200, true, "half"]);
			},
		);
	});
});

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
			["key", "crt"].map((end) => readFile(new URL(`../fixtures/tls/self-signed.${end}`, import.meta.url))),
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
