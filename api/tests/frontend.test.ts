import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApi, type TestApi } from "./start-api.ts";

let api: TestApi;
beforeAll(async () => {
	api = await startApi();
});
afterAll(() => api.close());

const get = (path: string, headers: Record<string, string> = { accept: "text/html" }) => api.caller().call("GET", path, { headers });

test("every page address gets the app's page, never from a cache without asking", async () => {
	for (const path of ["/", "/projects/7/plans", "/login?next=%2F"]) {
		const page = await get(path);
		expect(page.status, path).toBe(200);
		expect(page.body).toContain("<title>AgentPlanner</title>");
		expect(page.headers.get("cache-control")).toBe("no-cache");
		expect(page.headers.get("content-type")).toMatch(/^text\/html/);
	}
});

test("hashed files are cached for ever; missing ones are a 404 and not the page", async () => {
	const asset = await get("/assets/app-1a2b3c.js");
	expect(asset).toMatchObject({ status: 200, body: "console.log(1)" });
	expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
	expect(await get("/assets/app-gone.js")).toMatchObject({ status: 404, body: { code: "not_found" } });
	expect((await get("/favicon.ico")).status).toBe(404);
});

test("an unchanged page is not sent again", async () => {
	const first = await get("/");
	// fetch adds no-cache to a conditional request of its own making, as a forced reload does.
	const status = await new Promise((resolve, reject) => {
		const headers = { accept: "text/html", "if-modified-since": first.headers.get("last-modified") ?? "" };
		request(`${api.url}/`, { headers, agent: false }, (response) => resolve(response.resume().statusCode))
			.on("error", reject)
			.end();
	});
	expect(status).toBe(304);
});

test("nothing outside of the folder is served", async () => {
	for (const path of ["/..%2f..%2fetc/passwd", "/assets/..%2f..%2findex.html", "/.env", "/%2e%2e/package.json"])
		expect((await get(path, { accept: "application/json" })).status, path).toBe(404);
});

test("without a build the page says what to do", async () => {
	const bare = await startApi({ env: { FRONTEND_DIR: "/nonexistent" } });
	try {
		const page = await bare.caller().call("GET", "/", { headers: { accept: "text/html" } });
		expect(page).toMatchObject({ status: 404, body: { detail: expect.stringContaining("npm run build") } });
	} finally {
		await bare.close();
	}
});
