import { gt, outbox, timers } from "@agentplanner/db";
import { expect, test } from "vitest";
import { eventually } from "../../scripts/testing/eventually.ts";
import { useHarness } from "./harness.ts";
import { ownType, sleep } from "./observations.ts";
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
	await eventually("events can be written again", async () => (await writeEvents(db, { type }).catch(() => null)) !== null, 5_000);
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

test("a push that takes longer than its lease is not repeated by the others", async () => {
	const type = ownType();
	const pushed: string[] = [];
	const { db } = seen();
	const slow = scriptedEngine(async (wakes) => {
		pushed.push(...wakes.map(({ type }) => type));
		await sleep(6_500);
		return [];
	});
	await writeEvents(db, { type });
	await writeTimer(db, { type: "message.delivery.due" });
	for (let count = 0; count < 2; count += 1) relay(slow, [type, "message.delivery.due"]);
	await eventually("the outbox is empty", async () => (await db.orm.$count(outbox)) === 0, 9_000);
	await eventually("the timer is put off", async () => (await db.orm.$count(timers, gt(timers.fired, 0))) === 1, 2_000);
	expect(pushed.sort()).toEqual(["message.delivery.due", type]);
});
