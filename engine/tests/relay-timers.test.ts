import { randomUUID } from "node:crypto";
import { eq, openDatabase, outbox, sql, timers } from "@agentplanner/db";
import { expect, test } from "vitest";
import { openWire } from "../../scripts/testing/breakable-wire.ts";
import { eventually } from "../../scripts/testing/eventually.ts";
import { EngineUnavailableError, type Wake } from "../src/index.ts";
import { fireTimers } from "../src/relay/fire-timers.ts";
import { useHarness } from "./harness.ts";
import { ownType, silent, sleep } from "./observations.ts";
import { postgresConformance } from "./postgres-conformance.ts";
import { writeEvents, writeTimer } from "./relay-rows.ts";
import { scriptedEngine } from "./scripted-engine.ts";

const { seen, relay } = useHarness(postgresConformance);

const outboxRows = () => seen().db.orm.select().from(outbox);

const type = "message.delivery.due";

// Again where the machine itself stood still for a moment.
test("fire within a second of their moment, whether set before or while it runs", { retry: 2 }, async () => {
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
	await eventually("all fired", async () => fired.size === set.length, 4_000);
	for (const { id, dueAt } of set) {
		const late = (fired.get(`${id}:0`) ?? Number.POSITIVE_INFINITY) - dueAt.getTime();
		expect(late).toBeGreaterThanOrEqual(-1);
		expect(late).toBeLessThan(1_000);
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
		const aheadMs = async () => ((await row())?.dueAt.getTime() ?? 0) - Date.now();
		await eventually(`firing ${fired}`, async () => (await row())?.fired === fired + 1 && (await aheadMs()) > 30_000, 3_000);
		expect(Math.abs((await aheadMs()) - seconds * 1_000)).toBeLessThan(2_000);
		await db.orm.update(timers).set({ dueAt: sql`now()` }).where(eq(timers.id, id));
		db.notifier.notify("timers");
	}
	await eventually("the last one", async () => woken.length === 7, 3_000);
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
	await eventually("fired", async () => fired.has(`${id}:0`), 3_000);
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
	await eventually("it pushes", async () => pushing, 2_000);
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

test("what a relay that died in mid-push had at hand is pushed by another one after 5 s; its own late end changes nothing", async () => {
	const pushed: { wakeId: string; at: number }[] = [];
	const { promise: revived, resolve: revive } = Promise.withResolvers<void>();
	const { db, url } = seen();
	const { id } = await writeTimer(db, { type });
	const push = async (wakes: Wake[]) => {
		pushed.push(...wakes.map(({ input }) => ({ wakeId: input.wakeId, at: Date.now() })));
		if (pushed.length === 1) await revived;
		return [];
	};
	const wire = await openWire(url);
	const cut = openDatabase({ url: wire.url, name: "test-cut-relay", onError: () => {} });
	const dying = fireTimers({ db: cut, engine: scriptedEngine(push), types: [type], log: silent });
	await eventually("it is pushed", async () => pushed.length === 1, 2_000);
	wire.cut();
	relay(scriptedEngine(push), [type]);
	await eventually("it is pushed again", async () => pushed.length === 2, 7_000);
	expect(pushed.map(({ wakeId }) => wakeId)).toEqual([`${id}:0`, `${id}:0`]);
	expect((pushed[1]?.at ?? 0) - (pushed[0]?.at ?? 0)).toBeGreaterThan(4_500);
	const row = async () => (await db.orm.select().from(timers))[0];
	await eventually("it is put off", async () => ((await row())?.dueAt.getTime() ?? 0) > Date.now() + 50_000, 2_000);
	const before = await row();
	wire.mend();
	revive();
	await dying;
	expect(await row()).toEqual(before);
	await cut.close();
	await wire.close();
});

test("what was set anew while it was pushed is not put off", async () => {
	const { db } = seen();
	await writeTimer(db, { type });
	// As a claim does: the same timer, due at its lease's end.
	const push = async () => {
		await db.orm.update(timers).set({ dueAt: sql`now() + interval '4 seconds'` });
		return [];
	};
	await fireTimers({ db, engine: scriptedEngine(push), types: [type], log: silent });
	const [timer] = await db.orm.select().from(timers);
	expect((timer?.dueAt.getTime() ?? 0) - Date.now()).toBeLessThan(5_000);
	// The engine would take it for a repeat otherwise.
	expect(timer?.fired).toBe(1);
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
	await eventually("it was asked", async () => asked.length === 1, 3_000);
	await eventually("the timer is back", async () => (await started.health()).overdueMs > 89_000, 1_000);
	await eventually("it was taken", async () => (await db.orm.select().from(timers))[0]?.fired === 1 && asked.length === 3, 5_000);
	expect(asked).toEqual([`${id}:0`, `${id}:0`, `${id}:0`]);
});

test("one that the engine refuses is noted and moved on like the others", async () => {
	const { db } = seen();
	relay(
		scriptedEngine(async (wakes) => wakes.map((wake) => ({ wakeId: wake.input.wakeId, error: new Error("no") }))),
		[type],
	);
	await writeTimer(db, { type });
	await eventually("noted", async () => (await db.orm.select().from(timers))[0]?.lastError === "no", 2_000);
	expect(await db.orm.select().from(timers)).toMatchObject([{ fired: 1 }]);
});
