import { randomBytes, randomUUID } from "node:crypto";
import { maxEventDataBytes } from "@agentplanner/contracts";
import { eq, events, outbox, sql, timers } from "@agentplanner/db";
import { describe, expect, test } from "vitest";
import { EngineUnavailableError, type Wake } from "../src/index.ts";
import { fireTimers } from "../src/relay/fire-timers.ts";
import { pushOutbox } from "../src/relay/push-outbox.ts";
import { useHarness } from "./harness.ts";
import { ownType, silent, sleep, until } from "./observations.ts";
import { postgresConformance } from "./postgres-conformance.ts";
import { createProject, writeEvents, writeTimer } from "./relay-rows.ts";
import { scriptedEngine } from "./scripted-engine.ts";

const { seen, start, relay, traced, runsOf } = useHarness(postgresConformance);

const outboxRows = () => seen().db.orm.select().from(outbox);
const emptyOutbox = () => until("the outbox is empty", 5_000, async () => (await outboxRows()).length === 0);

describe("outbox", () => {
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
		await until("ours is gone", 2_000, async () => (await outboxRows()).length === 1);
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
		await until("first refusal", 2_000, async () => (await outboxRows())[0]?.attempts === 1);
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
			await until(`attempt ${attempt}`, 3_000, async () => (await outboxRows())[0]?.attempts === attempt);
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
		await until("the good ones", 3_000, async () => (await outboxRows()).length === 1 && (await outboxRows())[0]?.attempts === 1);
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
		await until("it is pushed", 2_000, async () => pushed.length === 1);
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
});

describe("timers", () => {
	const type = "message.delivery.due";

	test("fire within 100 ms of their moment, whether set before or while it runs", async () => {
		const fired = new Map<string, number>();
		const { db } = seen();
		const before = await writeTimer(db, { type, inMs: 700 });
		relay(
			scriptedEngine(async (wakes) => {
				for (const wake of wakes) fired.set(wake.input.wakeId, Date.now());
				return [];
			}),
			[type],
		);
		const set = [before];
		for (const inMs of [0, 120, 333, 900, 1_450]) set.push(await writeTimer(db, { type, inMs }));
		await until("all fired", 4_000, async () => fired.size === set.length);
		for (const { id, dueAt } of set) {
			const late = (fired.get(`${id}:0`) ?? Number.POSITIVE_INFINITY) - dueAt.getTime();
			expect(late).toBeGreaterThanOrEqual(-1);
			expect(late).toBeLessThan(100);
		}
	});

	test("are moved on by 60 s, doubling to 15 min, each time under a new wake id, until somebody deletes them", async () => {
		const woken: string[] = [];
		const { db } = seen();
		const started = relay(
			scriptedEngine(async (wakes) => {
				woken.push(...wakes.map((wake) => wake.input.wakeId));
				return [];
			}),
			[type],
		);
		const { id } = await writeTimer(db, { type, data: { agent_request_id: "r" } });
		const row = async () => (await db.orm.select().from(timers).where(eq(timers.id, id)))[0];
		for (const [fired, seconds] of [60, 120, 240, 480, 900, 900].entries()) {
			await until(`firing ${fired}`, 3_000, async () => (await row())?.fired === fired + 1);
			const ahead = ((await row())?.dueAt.getTime() ?? 0) - Date.now();
			expect(Math.abs(ahead - seconds * 1_000)).toBeLessThan(2_000);
			await db.orm.update(timers).set({ dueAt: sql`now()` }).where(eq(timers.id, id));
			db.notifier.notify("timers");
		}
		await until("the last one", 3_000, async () => woken.length === 7);
		expect(woken).toEqual([0, 1, 2, 3, 4, 5, 6].map((fired) => `${id}:${fired}`));
		await db.orm.delete(timers);
		expect(await started.health()).toMatchObject({ overdueMs: 0 });
	});

	test("neither lane starves the other: timers stay on time while thousands of events wait", async () => {
		const events = ownType();
		const { db } = seen();
		await writeEvents(db, { type: events, count: 4_000 });
		const fired = new Map<string, number>();
		relay(
			scriptedEngine(async (wakes) => {
				await sleep(25);
				for (const wake of wakes) if (wake.type === type) fired.set(wake.input.wakeId, Date.now());
				return [];
			}),
			[events, type],
		);
		const { id, dueAt } = await writeTimer(db, { type, inMs: 300 });
		await until("fired", 3_000, async () => fired.has(`${id}:0`));
		expect((await outboxRows()).length).toBeGreaterThan(100);
		expect((fired.get(`${id}:0`) ?? 0) - dueAt.getTime()).toBeLessThan(125);
	});

	test("nobody waits for the push: a timer is replaced or deleted meanwhile, and what was set anew stays", async () => {
		const { promise: taken, resolve: take } = Promise.withResolvers<void>();
		const { db } = seen();
		const timer = await writeTimer(db, { type });
		const other = await writeTimer(db, { type });
		let pushing = false;
		const firing = fireTimers({
			db,
			engine: scriptedEngine(async () => {
				pushing = true;
				await taken;
				throw new EngineUnavailableError("engine is away", "wait");
			}),
			types: [type],
			log: silent,
		});
		await until("it pushes", 2_000, async () => pushing);
		const anew = randomUUID();
		await db.orm.transaction(async (tx) => {
			await tx.execute(sql`set local lock_timeout = '500ms'`);
			await tx.execute(sql`update timers set id = ${anew}, fired = 0, due_at = now() + interval '1 hour' where id = ${timer.id}`);
			await tx.delete(timers).where(eq(timers.id, other.id));
		});
		take();
		await expect(firing).rejects.toThrow("engine is away");
		const [left, ...others] = await db.orm.select().from(timers);
		expect(others).toEqual([]);
		expect(left).toMatchObject({ id: anew, fired: 0 });
		expect(left?.dueAt.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
	});

	test("while the engine is away they stay as they were: due, overdue, and under the same wake id", async () => {
		const asked: string[] = [];
		const { db } = seen();
		const { id } = await writeTimer(db, { type, inMs: -90_000 });
		const started = relay(
			scriptedEngine(async (wakes) => {
				asked.push(...wakes.map((wake) => wake.input.wakeId));
				if (asked.length < 3) throw new EngineUnavailableError("engine is away", "wait");
				return [];
			}),
			[type],
		);
		await until("it was asked", 3_000, async () => asked.length === 1);
		await until("the timer is back", 1_000, async () => (await started.health()).overdueMs > 89_000);
		await until("it was taken", 5_000, async () => (await db.orm.select().from(timers))[0]?.fired === 1 && asked.length === 3);
		expect(asked).toEqual([`${id}:0`, `${id}:0`, `${id}:0`]);
	});

	test("one that the engine refuses is noted and moved on like the others", async () => {
		const { db } = seen();
		relay(
			scriptedEngine(async (wakes) => wakes.map((wake) => ({ wakeId: wake.input.wakeId, error: new Error("no") }))),
			[type],
		);
		await writeTimer(db, { type });
		await until("noted", 2_000, async () => (await db.orm.select().from(timers))[0]?.lastError === "no");
		expect(await db.orm.select().from(timers)).toMatchObject([{ fired: 1 }]);
	});
});

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
