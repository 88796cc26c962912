import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startApi, type TestApi } from "./start-api.ts";

let api: TestApi;
beforeAll(async () => {
	api = await startApi();
});
afterAll(() => api.close());

describe("with a database", () => {
	test("/health says ok", async () => {
		expect(await api.caller().call("GET", "/health")).toMatchObject({ status: 200, body: { status: "ok" } });
	});

	test("/ready is 200 degraded without a worker, with the reason and its remedy", async () => {
		expect(await api.caller().call("GET", "/ready")).toMatchObject({
			status: 200,
			body: { status: "degraded", worker_last_seen_at: null, reasons: [{ problem: "No worker has run yet.", remedy: expect.any(String) }] },
		});
	});

	test("/ready is 503 when the database is older than the build", async () => {
		const { rows } = await api.db.pool.query(
			"delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations) returning *",
		);
		const reply = await api.caller().call("GET", "/ready");
		await api.db.pool.query("insert into drizzle.__drizzle_migrations (id, hash, created_at) values ($1, $2, $3)", [
			rows[0].id,
			rows[0].hash,
			rows[0].created_at,
		]);
		expect(reply).toMatchObject({ status: 503, body: { status: "unavailable", reasons: [{ remedy: expect.any(String) }] } });
		expect((await api.caller().call("GET", "/ready")).status).toBe(200);
	});
});

describe("/metrics", () => {
	test("is for whoever shows its token", async () => {
		const watched = await startApi({ env: { METRICS_TOKEN: "a-long-enough-token" } });
		try {
			const read = (authorization?: string) => fetch(`${watched.url}/metrics`, { headers: authorization ? { authorization } : {} });
			expect((await read()).status).toBe(401);
			expect((await read("Bearer a-long-enough-tokem")).status).toBe(401);
			const shown = await read("Bearer a-long-enough-token");
			expect(shown.status).toBe(200);
			expect(shown.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
			expect(await shown.text()).toContain("agentplanner_dead_letters 0\n");
		} finally {
			await watched.close();
		}
	});

	test("isn't there without one", async () => {
		expect((await api.caller().call("GET", "/metrics")).status).toBe(404);
	});
});

describe("without a database", () => {
	test("/health stays 200, /ready is 503, and every endpoint says 503 with Retry-After", async () => {
		const away = await startApi({ databaseUrl: "postgres://nobody:x@127.0.0.1:9/none" });
		try {
			const caller = away.caller();
			expect((await caller.call("GET", "/health")).status).toBe(200);
			expect(await caller.call("GET", "/ready")).toMatchObject({ status: 503, body: { status: "unavailable" } });
			const login = await caller.call("POST", "/api/v1/auth/login", { body: { email: "a@example.org", password: "x" } });
			expect(login).toMatchObject({ status: 503, body: { code: "unavailable" } });
			expect(login.headers.get("retry-after")).toBe("2");
			const session = await caller.call("GET", "/api/v1/projects", { headers: { cookie: "sid=abc" } });
			expect(session.status).toBe(503);
			expect(JSON.stringify(login.body)).not.toMatch(/127\.0\.0\.1|nobody/);
		} finally {
			await away.close();
		}
	});

	test("/ready answers in time where the database hangs", async () => {
		const silent = createServer(() => {});
		await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
		const address = silent.address();
		const port = typeof address === "object" ? address?.port : 0;
		const hanging = await startApi({ databaseUrl: `postgres://a:b@127.0.0.1:${port}/c` });
		try {
			const startedAt = Date.now();
			expect((await hanging.caller().call("GET", "/ready")).status).toBe(503);
			expect(Date.now() - startedAt).toBeLessThan(4_500);
		} finally {
			await hanging.close();
			silent.close();
		}
	});
});
