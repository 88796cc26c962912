import { randomBytes } from "node:crypto";
import { maxEventDataBytes } from "@agentplanner/contracts";
import { events, outbox, sql } from "@agentplanner/db";
import { expect, test } from "vitest";
import { eventually } from "../../scripts/testing/eventually.ts";
import { EngineUnavailableError, type Wake } from "../src/index.ts";
import { pushOutbox } from "../src/relay/push-outbox.ts";
import { useHarness } from "./harness.ts";
import { ownType, silent, sleep } from "./observations.ts";
import { postgresConformance } from "./postgres-conformance.ts";
import { createProject, writeEvents } from "./relay-rows.ts";
import { scriptedEngine } from "./scripted-engine.ts";

const { seen, start, relay, traced, runsOf } = useHarness(postgresConformance);

const outboxRows = () => seen().db.orm.select().from(outbox);
const emptyOutbox = () => eventually("the outbox is empty", async () => (await outboxRows()).length === 0, 5_000);

test("events reach their workflow under their own id, with what the dashboard and the trace need", async () => {
	const type = ownType();
	const arrived: unknown[] = [];
	const engine = await start([
		traced("reader", { on: [type] }, async (input, { metadata }) => {
			arrived.push({ input, metadata });
		}),
	]);
	relay(engine, [type]);
	const { db } = seen();
	const projectId = await createProject(db);
	const traceId = randomBytes(16).toString("hex");
	const [id] = await writeEvents(db, { type, projectId, traceId, data: { agent_request_id: "r", text: "Grüße 👩🏽‍💻" } });
	await runsOf("reader", 1);
	const [event] = await db.orm.select().from(events);
	expect(arrived).toEqual([
		{
			input: { wakeId: id, projectId, subjectId: event?.subjectId, data: { agent_request_id: "r", text: "Grüße 👩🏽‍💻" } },
			metadata: { projectId, agentRequestId: "r", traceparent: expect.stringMatching(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`)) },
		},
	]);
	await emptyOutbox();
});

test("a NOTIFY wakes it well before its poll", async () => {
	const type = ownType();
	const engine = await start([traced("reader", { on: [type] })]);
	relay(engine, [type]);
	const delays: number[] = [];
	for (let time = 1; time <= 5; time += 1) {
		await sleep(150);
		const written = performance.now();
		await writeEvents(seen().db, { type });
		await runsOf("reader", time);
		delays.push(performance.now() - written);
	}
	// Polling alone would take 250 ms in the middle.
	expect(delays.sort((a, b) => a - b)[2]).toBeLessThan(150);
});

test("types that this build doesn't listen to are left for a newer worker, and counted", async () => {
	const [ours, newer] = [ownType(), ownType()];
	const engine = await start([traced("reader", { on: [ours] })]);
	const started = relay(engine, [ours]);
	await writeEvents(seen().db, { type: newer });
	await writeEvents(seen().db, { type: ours });
	await runsOf("reader", 1);
	await eventually("ours is gone", async () => (await outboxRows()).length === 1, 2_000);
	expect(await outboxRows()).toMatchObject([{ type: newer, attempts: 0 }]);
	expect(await started.health()).toMatchObject({ outboxDepth: 1, parked: 0, lastError: null });
});

test("an event that the engine refuses is tried 10 times and parked; the others flow meanwhile", async () => {
	const type = ownType();
	const engine = await start([traced("reader", { on: [type] })]);
	const { db } = seen();
	const [poison] = await writeEvents(db, { type, data: { text: "x".repeat(maxEventDataBytes) } });
	const fine = await writeEvents(db, { type, count: 150 });
	const started = relay(engine, [type]);
	const runs = await runsOf("reader", 150, 10_000);
	expect(new Set(runs.map((run) => run.wakeId))).toEqual(new Set(fine));
	await eventually("first refusal", async () => (await outboxRows())[0]?.attempts === 1, 2_000);
	const [refused] = await outboxRows();
	expect(refused).toMatchObject({
		eventId: poison,
		parkedAt: null,
		lastError: expect.stringContaining(`${maxEventDataBytes} are allowed`),
	});
	expect((refused?.nextTryAt.getTime() ?? 0) - Date.now()).toBeGreaterThan(0);
	for (let attempt = 2; attempt <= 10; attempt += 1) {
		await db.orm.update(outbox).set({ nextTryAt: sql`now()` });
		db.notifier.notify("outbox");
		await eventually(`attempt ${attempt}`, async () => (await outboxRows())[0]?.attempts === attempt, 3_000);
	}
	expect((await outboxRows())[0]?.parkedAt).not.toBeNull();
	expect(await started.health()).toMatchObject({ outboxDepth: 0, parked: 1 });
	await db.orm.update(outbox).set({ nextTryAt: sql`now()` });
	await sleep(700);
	expect((await outboxRows())[0]?.attempts).toBe(10);
});

test("an engine that throws for one event holds up that one alone", async () => {
	const type = ownType();
	const pushed: string[] = [];
	const { db } = seen();
	const [bad, ...good] = await writeEvents(db, { type, count: 5 });
	relay(
		scriptedEngine(async (wakes) => {
			if (wakes.some((wake) => wake.input.wakeId === bad)) throw new TypeError("boom");
			pushed.push(...wakes.map((wake) => wake.input.wakeId));
			return [];
		}),
		[type],
	);
	await eventually("the good ones", async () => (await outboxRows()).length === 1 && (await outboxRows())[0]?.attempts === 1, 3_000);
	expect(pushed.sort()).toEqual(good.sort());
	expect(await outboxRows()).toMatchObject([{ eventId: bad, lastError: "boom" }]);
});

test("while the engine is away nothing is lost and no attempt is counted; it backs off and says why", async () => {
	const type = ownType();
	const engine = await start([traced("reader", { on: [type] })]);
	const { db } = seen();
	let away = true;
	const asked: number[] = [];
	const started = relay(
		scriptedEngine(async (wakes) => {
			asked.push(performance.now());
			if (away) throw new EngineUnavailableError("engine is away", "wait");
			return engine.push(wakes);
		}),
		[type],
	);
	const ids = await writeEvents(db, { type, count: 3 });
	for (let time = 0; time < 30; time += 1) {
		db.notifier.notify("outbox");
		await sleep(100);
	}
	// 0, 0.25, 0.75, 1.75 s: NOTIFYs don't shorten the pauses.
	expect(asked.length).toBeGreaterThanOrEqual(3);
	expect(asked.length).toBeLessThanOrEqual(5);
	const health = await started.health();
	expect(health).toMatchObject({ outboxDepth: 3, lastError: "engine is away", parked: 0 });
	expect(health.lagMs).toBeGreaterThan(2_500);
	expect((await outboxRows()).map((row) => row.attempts)).toEqual([0, 0, 0]);
	away = false;
	const runs = await runsOf("reader", 3, 8_000);
	expect(runs.map((run) => run.wakeId).sort()).toEqual(ids.sort());
	await emptyOutbox();
	expect(await started.health()).toMatchObject({ outboxDepth: 0, lagMs: 0, lastError: null });
});

test("three relays share the work: every event once, none twice", async () => {
	const type = ownType();
	const pushed: string[] = [];
	const slow = scriptedEngine(async (wakes) => {
		await sleep(20);
		pushed.push(...wakes.map((wake: Wake) => wake.input.wakeId));
		return [];
	});
	const { db } = seen();
	const ids = await writeEvents(db, { type, count: 1_000 });
	for (let count = 0; count < 3; count += 1) relay(slow, [type]);
	await emptyOutbox();
	expect(pushed).toHaveLength(ids.length);
	expect(new Set(pushed)).toEqual(new Set(ids));
});

test("a relay that dies after the push leaves the row: once its time is over the event comes again under the same id", async () => {
	const type = ownType();
	const pushed: string[] = [];
	const { promise: revived, resolve: revive } = Promise.withResolvers<void>();
	const { db } = seen();
	const [id] = await writeEvents(db, { type });
	const push = async (wakes: Wake[]) => {
		pushed.push(...wakes.map((wake) => wake.input.wakeId));
		if (pushed.length === 1) await revived;
		return [];
	};
	const dying = pushOutbox({ db, engine: scriptedEngine(push), types: [type], log: silent });
	await eventually("it is pushed", async () => pushed.length === 1, 2_000);
	relay(scriptedEngine(push), [type]);
	await sleep(700);
	expect(pushed).toEqual([id]);
	expect(((await outboxRows())[0]?.nextTryAt.getTime() ?? 0) - Date.now()).toBeLessThan(20_000);
	await db.orm.update(outbox).set({ nextTryAt: sql`now()` });
	await emptyOutbox();
	expect(pushed).toEqual([id, id]);
	revive();
	expect(await dying).toBe(false);
});

test("an event that another relay has taken meanwhile is not given back by the one that lost it", async () => {
	const type = ownType();
	const { db } = seen();
	await writeEvents(db, { type });
	const push = async () => {
		await db.orm.update(outbox).set({ nextTryAt: sql`now() + interval '30 seconds'` });
		throw new EngineUnavailableError("engine is away", "wait");
	};
	await expect(pushOutbox({ db, engine: scriptedEngine(push), types: [type], log: silent })).rejects.toThrow("engine is away");
	expect(((await outboxRows())[0]?.nextTryAt.getTime() ?? 0) - Date.now()).toBeGreaterThan(25_000);
});
