import { describe, expect, test } from "vitest";
import { isPublicAddress } from "../../src/address-rules.ts";
import { assertPublicUrl } from "../../src/assert-public-url.ts";
import { withHttp, withTcp } from "../loopback.ts";
import { at, failure, get, text, useClients } from "./harness.ts";

const { client, local } = useClients();

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
