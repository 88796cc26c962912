import { expect, test } from "vitest";
import { recordExchange } from "./exchange.ts";
import { createMask, maskHeaders } from "./mask.ts";

test("a secret is masked as it is and as JSON writes it, the longest first", () => {
	expect(createMask(['a"b', 'a"bc'])('a"b a\\"b xa"bc')).toBe("••• ••• x•••");
	expect(createMask([""])("nothing")).toBe("nothing");
});

test("headers that look like secrets show nothing", () => {
	expect(maskHeaders({ Cookie: "a", "x-api-key": "b", "X-Auth-Token": "c", accept: "s3cret/x" }, createMask(["s3cret"]))).toEqual({
		Cookie: "•••",
		"x-api-key": "•••",
		"X-Auth-Token": "•••",
		accept: "•••/x",
	});
});

test("a recorded body is text that the database can store", () => {
	const request = { method: "POST", url: "https://example.com/", headers: {}, body: new Uint8Array() };
	const body = Buffer.concat([Buffer.alloc(65_535, 97), Buffer.from("🌍"), Uint8Array.of(0, 255)]);
	const mask = createMask([]);
	const zero = { status: 200, headers: {}, body: Uint8Array.of(97, 0, 255), truncated: false };
	expect(recordExchange(request, zero, mask).response?.body).toBe("a\ufffd\ufffd");
	const shown = recordExchange(request, { ...zero, body }, mask).response?.body ?? "";
	expect(shown.length).toBe(65_536);
	expect(shown.isWellFormed()).toBe(true);
	expect(recordExchange(request, null, mask)).not.toHaveProperty("response");
});
