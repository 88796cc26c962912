import { describe, expect, test } from "vitest";
import { WebhookSecrets, WebhookSettings } from "./config.ts";

const url = "https://agent.example.com/hook";
const problems = (settings: unknown) => WebhookSettings.safeParse(settings).error?.issues.map((issue) => issue.message) ?? [];

describe("settings", () => {
	test("a URL is enough", () => expect(problems({ url })).toEqual([]));
	test("everything together", () => expect(problems({ url, headers: { "X-Team": "blue" }, timeout_ms: 15_000 })).toEqual([]));

	test.each([
		"",
		"agent.example.com",
		"ftp://example.com",
		"javascript:alert(1)",
		"https://user:pass@example.com",
		`https://x.com/${"a".repeat(2_000)}`,
	])("the URL %j is refused", (bad) => expect(problems({ url: bad }).length).toBeGreaterThan(0));
	test.each([999, 15_001, 1.5, "2000"])("a timeout of %j is refused", (timeout_ms) =>
		expect(problems({ url, timeout_ms })).toHaveLength(1),
	);
	test("unknown fields are refused", () => expect(problems({ url, retries: 3 })).toHaveLength(1));

	test.each([
		"Host",
		"content-length",
		"Content-Type",
		"Transfer-Encoding",
		"connection",
		"User-Agent",
		"Webhook-Signature",
		"webhook-id",
		"Proxy-Authorization",
		"Authorization",
		"Accept-Encoding",
		"x y",
		"x:y",
		"x\r\ny",
		"",
		"ü",
	])("the header name %j is refused by its name", (name) => {
		const [problem] = problems({ url, headers: { [name]: "v" } });
		expect(problem).toMatch(`"${name}" `);
	});
	test.each(["a\r\nb", "a\nb", "a\0b", "ü", "x".repeat(2_001)])("the header value %j is refused", (value) =>
		expect(problems({ url, headers: { "x-a": value } })).toHaveLength(1),
	);
	test("a header given twice is refused", () =>
		expect(problems({ url, headers: { "X-A": "1", "x-a": "2" } })).toEqual(["a header is given twice"]));
	test("too many headers are refused", () => {
		const headers = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`x-${index}`, "v"]));
		expect(problems({ url, headers })).toEqual(["at most 20 headers"]);
	});
});

describe("secrets", () => {
	const secret = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString("base64")}`;
	test.each([24, 32, 64])("%i bytes are accepted", (bytes) =>
		expect(WebhookSecrets.safeParse({ signing_secret: secret(bytes) }).success).toBe(true),
	);
	test.each([secret(23), secret(65), "whsec_", "", "hunter2", "whsec_!!!!"])("%j is refused", (signing_secret) =>
		expect(WebhookSecrets.safeParse({ signing_secret }).success).toBe(false),
	);
	test("an authorization with a line break is refused", () => {
		expect(WebhookSecrets.safeParse({ signing_secret: secret(32), authorization: "Bearer a\r\nx: y" }).success).toBe(false);
	});
});
