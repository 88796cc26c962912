import { expect, test } from "vitest";
import { useHarness } from "./harness.ts";
import { ownType, until } from "./observations.ts";
import { postgresConformance } from "./postgres-conformance.ts";
import { writeEvents, writeTimer } from "./relay-rows.ts";
import { scriptedEngine } from "./scripted-engine.ts";

const { seen, start, relay, traced, runsOf } = useHarness(postgresConformance);

test("it goes on by itself after all its connections were cut", async () => {
	const type = ownType();
	const engine = await start([traced("reader", { on: [type] })]);
	relay(engine, [type]);
	const { db } = seen();
	await writeEvents(db, { type });
	await runsOf("reader", 1);
	await db.pool
		.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
		.catch(() => {});
	await until("events can be written again", 5_000, async () => (await writeEvents(db, { type }).catch(() => null)) !== null);
	await runsOf("reader", 2, 8_000);
});

test("what waits is exposed: depth, lag, overdue timers", async () => {
	const type = ownType();
	const { db } = seen();
	await writeEvents(db, { type, count: 7 });
	await writeTimer(db, { type: "message.delivery.due", inMs: -3_000 });
	const started = relay(
		scriptedEngine(async () => []),
		[],
	);
	const health = await started.health();
	expect(health).toMatchObject({ outboxDepth: 7, parked: 0, lastError: null });
	expect(health.overdueMs).toBeGreaterThanOrEqual(3_000);
});
