import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startApi, type TestApi } from "./start-api.ts";

let plain: TestApi;
let secure: TestApi;
beforeAll(async () => {
	plain = await startApi();
	secure = await startApi({ env: { PUBLIC_URL: "https://planner.example.org" } });
});
afterAll(async () => {
	await plain.close();
	await secure.close();
});

const paths = [
	["the page", "/", 200],
	["a file", "/assets/app-1a2b3c.js", 200],
	["the API", "/api/v1/auth/methods", 200],
	["a refusal", "/api/v1/projects", 401],
	["ingress", "/ingress/webhook/0198c5a0-0000-7000-8000-000000000000", 404],
	["a probe", "/health", 200],
	["nothing", "/api/nowhere", 404],
] as const;

describe.each(paths)("%s (%s)", (_name, path, status) => {
	const headersOf = async (api: TestApi) => {
		const reply = await fetch(`${api.url}${path}`, { method: path.startsWith("/ingress") ? "POST" : "GET", headers: { accept: "*/*" } });
		expect(reply.status).toBe(status);
		return reply.headers;
	};

	test("says what browsers may do with it", async () => {
		const headers = await headersOf(plain);
		expect(headers.get("content-security-policy")).toMatch(/^default-src 'none';script-src 'self';/);
		expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
		expect(headers.get("content-security-policy")).toContain("form-action 'self'");
		expect(headers.get("x-content-type-options")).toBe("nosniff");
		expect(headers.get("referrer-policy")).toBe("no-referrer");
		expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
		expect(headers.get("x-frame-options")).toBe("SAMEORIGIN");
		expect(headers.get("x-powered-by")).toBeNull();
		expect(headers.get("strict-transport-security")).toBeNull();
	});

	test("keeps browsers on https where the public address is https", async () => {
		const headers = await headersOf(secure);
		expect(headers.get("strict-transport-security")).toMatch(/^max-age=\d{8}/);
		expect(headers.get("content-security-policy")).toContain("upgrade-insecure-requests");
		expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
	});
});
