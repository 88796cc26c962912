import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { openWire } from "../../scripts/testing/breakable-wire.ts";
import { eventually } from "../../scripts/testing/eventually.ts";
import { createEngine } from "../src/index.ts";
import { conformance } from "./conformance.ts";
import { useHarness } from "./harness.ts";
import { ownType, silent, sleep, wakeOf } from "./observations.ts";
import { postgresConformance } from "./postgres-conformance.ts";

conformance("Postgres", postgresConformance);

const { seen, start, stop, traced, runsOf } = useHarness(postgresConformance);

test("a database that can't be reached is said so with the remedy", async () => {
	const engine = await createEngine({ kind: "postgres", url: "postgresql://postgres:x@127.0.0.1:1/none", log: silent });
	await expect(engine.work([])).rejects.toMatchObject({ name: "EngineUnavailableError", remedy: expect.stringContaining("DATABASE_URL") });
	expect(await engine.health()).toMatchObject({ ok: false, remedy: expect.stringContaining("DATABASE_URL") });
	await engine.stop();
});

test("a busy worker keeps no patient work from an idle one", async () => {
	const type = ownType();
	const begun: number[] = [];
	const hanging = traced("hanging", { on: [type], patient: true }, async () => {
		begun.push(performance.now());
		await sleep(3_000);
	});
	const busy = await start([hanging], 10);
	await busy.push(Array.from({ length: 9 }, () => wakeOf(type)));
	await eventually("it is busy", async () => begun.length === 9, 3_000);
	await start([hanging], 10);
	const pushed = performance.now();
	await busy.push(Array.from({ length: 8 }, () => wakeOf(type)));
	await eventually("all run", async () => begun.length === 17, 6_000);
	expect(Math.max(...begun) - pushed).toBeLessThan(600);
});

test("it goes on by itself after all its connections were cut in the middle of a run", async () => {
	const type = ownType();
	const engine = await start([
		traced("slow", { on: [type], retries: 0 }, async ({ wakeId }) => {
			await sleep(1_500);
			await seen().effect(wakeId);
		}),
	]);
	const cut = wakeOf(type);
	await engine.push([cut]);
	await runsOf("slow", 1);
	await seen().db.pool.query(
		"select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'agentplanner-engine'",
	);
	const next = wakeOf(type);
	await eventually("it takes wakes again", async () => (await engine.push([next]).catch(() => null)) !== null, 5_000);
	await eventually("both effects", async () => (await seen().effects()).length === 2, 12_000);
	expect(await seen().effects()).toEqual([cut.input.wakeId, next.input.wakeId].sort());
});

test("it goes on after several runs have ended while the database was away", async () => {
	const type = ownType();
	const wire = await openWire(seen().url);
	const engine = await createEngine({ kind: "postgres", url: wire.url, log: silent });
	try {
		const begun: string[] = [];
		await engine.work([
			traced("short", { on: [type] }, async ({ wakeId }) => {
				await sleep(300 + 200 * begun.push(wakeId));
			}),
		]);
		await engine.push(Array.from({ length: 4 }, () => wakeOf(type)));
		await eventually("all run", () => begun.length === 4, 3_000);
		wire.cut();
		await sleep(2_000);
		wire.mend();
		const next = wakeOf(type);
		await eventually("it takes wakes again", async () => (await engine.push([next]).catch(() => null)) !== null, 5_000);
		await eventually("and runs them", () => begun.includes(next.input.wakeId), 10_000);
	} finally {
		await engine.stop();
		await wire.close();
	}
});

test("a run that gave up leaves no step results, and its job is not tried again", async () => {
	const type = ownType();
	const engine = await start([
		traced("failing", { on: [type], retries: 0 }, async () => {
			throw new Error("always");
		}),
	]);
	await engine.push([wakeOf(type, { wakeId: randomUUID() })]);
	await runsOf("failing", 1);
	const jobs = () => seen().db.pool.query("select attempts = max_attempts as dead, last_error from graphile_worker.jobs");
	await eventually("the job's end is written", async () => (await jobs()).rows[0]?.last_error, 2_000);
	expect((await jobs()).rows).toEqual([{ dead: true, last_error: "always" }]);
	expect((await seen().db.pool.query("select * from engine_step_results")).rows).toEqual([]);
});

test("a patient child goes on in its parent's job; a stop lets it finish", async () => {
	const type = ownType();
	const child = traced("child", { on: [], patient: true }, async ({ subjectId }) => {
		await sleep(1_000);
		await seen().effect(subjectId);
	});
	const parent = traced("parent", { on: [type] }, (input, { spawn }) => spawn(child, [{ ...input, subjectId: randomUUID() }]));
	const engine = await start([parent, child]);
	await engine.push([wakeOf(type)]);
	await runsOf("child", 1);
	const jobs = () => seen().db.pool.query("select task_identifier from graphile_worker.jobs");
	expect((await jobs()).rows).toEqual([{ task_identifier: parent.name }]);
	await stop(engine);
	expect(await seen().effects()).toHaveLength(1);
	expect((await jobs()).rows).toEqual([]);
});

test("children follow their parents, half as many as there are patient slots, and others come through the queue; short runs go on beside them", async () => {
	const [type, shortType] = [ownType(), ownType()];
	let letGo = () => {};
	const hanging = new Promise<void>((resolve) => {
		letGo = resolve;
	});
	const child = traced("child", { on: [], patient: true }, () => hanging);
	const parent = traced("parent", { on: [type] }, (input, { spawn }) => spawn(child, [{ ...input, subjectId: randomUUID() }]));
	const short = traced("short", { on: [shortType] });
	try {
		const engine = await start([parent, child, short], 8);
		await engine.push(Array.from({ length: 8 }, () => wakeOf(type)));
		await runsOf("child", 8);
		const { rows } = await seen().db.pool.query<{ name: string; jobs: number }>(
			"select task_identifier as name, count(*)::int as jobs from graphile_worker.jobs where locked_at is not null group by 1",
		);
		expect(Object.fromEntries(rows.map(({ name, jobs }) => [name, jobs]))[parent.name]).toBe(4);
		await engine.push([wakeOf(shortType)]);
		await runsOf("short", 1);
	} finally {
		letGo();
	}
});
