import { readReadiness, startWorkerRun } from "@agentplanner/core";
import { buildContext } from "@agentplanner/core/testing";
import { createTestDatabase } from "@agentplanner/db/testing";
import type { Engine, Relay } from "@agentplanner/engine";
import { expect, onTestFinished, test } from "vitest";
import { startHeartbeat } from "../src/heartbeat.ts";
import { pause, silent, until } from "./harness.ts";

test("a worker whose engine doesn't answer is seen all the same, and says so; the engine isn't asked again meanwhile", async () => {
	const database = await createTestDatabase();
	onTestFinished(() => database.drop());
	const context = buildContext(database.db);
	let asked = 0;
	const engine: Engine = {
		name: "hatchet",
		push: async () => [],
		work: async () => {},
		health: () => {
			asked += 1;
			return new Promise(() => {});
		},
		stop: async () => {},
		failed: new Promise(() => {}),
	};
	const relay: Relay = {
		health: async () => ({ outboxDepth: 0, lagMs: 0, overdueMs: 0, parked: 0, lastError: null }),
		stop: async () => {},
	};
	const id = await startWorkerRun(context, { engine: "hatchet", host: "here" });
	const heartbeat = startHeartbeat(context, id, { engine, relay, log: silent });
	onTestFinished(() => heartbeat.stop());
	const said = await until(() => heartbeat.read(), 4_000);
	expect(said.engine).toMatchObject({ ok: false, engine: "hatchet", detail: expect.stringContaining("doesn't answer") });
	await pause(6_000);
	const { rows } = await database.db.pool.query("select extract(epoch from now() - last_seen_at) as age from worker_runs");
	expect(Number(rows[0].age)).toBeLessThan(3.5);
	expect((await readReadiness(context)).status).toBe("degraded");
	expect(heartbeat.read()?.engine.ok).toBe(false);
	expect(asked).toBe(1);
});
