import { describe, expect, test } from "vitest";
import { readBody, startHttp, withHttp } from "../loopback.ts";
import { get, text, useClients } from "./harness.ts";

const { local } = useClients();

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
