import { readReadiness } from "@agentplanner/core";
import { buildContext } from "@agentplanner/core/testing";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { freePort } from "../../scripts/start/ports.ts";
import { openWire } from "../../scripts/testing/breakable-wire.ts";
import { startTestWorker, until } from "./harness.ts";
import { launchWorker } from "./worker-process.ts";

// Processes take seconds to start where much else runs.
const slow = 60_000;

let database: TestDatabase;

beforeEach(async ({ onTestFinished }) => {
	database = await createTestDatabase();
	const { drop } = database;
	onTestFinished(drop);
});

const read = async (port: number, path: string) => {
	const response = await fetch(`http://127.0.0.1:${port}${path}`);
	return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

const readiness = () => readReadiness(buildContext(database.db));

test(
	"the health server says that the process lives, and that it is ready with what engine and relay say",
	async () => {
		const port = await freePort();
		const worker = await startTestWorker(database.url, { WORKER_HEALTH_PORT: String(port) });
		onTestFinished(() => worker.stop());
		expect(worker.healthPort).toBe(port);
		expect(await read(port, "/health")).toEqual({ status: 200, body: { status: "live" } });
		const ready = await until(async () => {
			const found = await read(port, "/ready");
			return found.body.relay && found;
		});
		expect(ready).toMatchObject({
			status: 200,
			body: { status: "ready", engine: { ok: true, engine: "postgres" }, relay: { outboxDepth: 0, parked: 0, lastError: null } },
		});
		expect(await read(port, "/")).toMatchObject({ status: 404 });
		const metrics = await fetch(`http://127.0.0.1:${port}/metrics`);
		expect(metrics.headers.get("content-type")).toContain("version=0.0.4");
		expect(await metrics.text()).toContain("agentplanner_workers 1\n");
		await worker.stop();
		await expect(read(port, "/health")).rejects.toThrow();
	},
	slow,
);

test(
	"a worker that loses its database lives, isn't ready and says why, and is ready again by itself",
	async () => {
		const wire = await openWire(database.url);
		onTestFinished(() => wire.close());
		const port = await freePort();
		await launchWorker(wire.url, { WORKER_HEALTH_PORT: String(port) });
		await until(async () => (await read(port, "/ready")).status === 200);
		wire.cut();
		const away = await until(async () => {
			const found = await read(port, "/ready");
			return found.status === 503 && found;
		});
		expect(away.body).toMatchObject({ status: "unavailable", engine: { ok: false, remedy: expect.stringContaining("DATABASE_URL") } });
		expect(await read(port, "/health")).toMatchObject({ status: 200 });
		wire.mend();
		await until(async () => (await read(port, "/ready")).status === 200);
	},
	slow,
);

test(
	"the house is ready with its worker, degraded without, and at most 6 s after the worker was killed",
	async () => {
		expect(await readiness()).toMatchObject({ status: "degraded", reasons: [{ problem: "No worker has run yet." }] });
		const worker = await launchWorker(database.url);
		await until(async () => (await readiness()).status === "ready", 3_000);
		const rows = async () => (await database.db.pool.query("select engine, host, health, stopped_at from worker_runs")).rows;
		await until(async () => (await rows())[0].health?.relay);
		expect(await rows()).toMatchObject([{ engine: "postgres", health: { engine: { ok: true } }, stopped_at: null }]);

		worker.kill("SIGKILL");
		const killedAt = Date.now();
		const degraded = await until(async () => {
			const found = await readiness();
			return found.status === "degraded" && found;
		});
		expect(Date.now() - killedAt).toBeLessThan(6_000);
		expect(degraded.reasons).toMatchObject([
			{ problem: expect.stringContaining("No worker has been seen since"), remedy: expect.any(String) },
		]);

		const next = await startTestWorker(database.url);
		onTestFinished(() => next.stop());
		await until(async () => (await readiness()).status === "ready", 3_000);
		await next.stop();
		expect((await rows()).filter(({ stopped_at }) => stopped_at !== null)).toHaveLength(1);
		expect((await readiness()).status).toBe("degraded");
	},
	slow,
);
