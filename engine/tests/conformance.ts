import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { maxEventDataBytes } from "@agentplanner/contracts";
import { sql, timers } from "@agentplanner/db";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { NonRetryableError, WakeInput, workflow } from "../src/index.ts";
import { type ConformanceOptions, useHarness } from "./harness.ts";
import { ownName, ownType, sleep, until, wakeOf } from "./observations.ts";
import { writeEvents, writeTimer } from "./relay-rows.ts";
import { scriptedEngine } from "./scripted-engine.ts";

const workerProcess = fileURLToPath(new URL("fixtures/worker-process.ts", import.meta.url));

/** What every engine must do; run on each of them. */
export const conformance = (name: string, options: ConformanceOptions) => {
	const { engineSettings, startMs, retryMs, recoveryMs, repeats } = options;
	describe(`${name} engine`, () => {
		const { seen, makeEngine, start, stop, relay, traced, runsOf } = useHarness(options);

		test("an event starts the workflow that listens, with its input and metadata", async () => {
			const type = ownType();
			const inputs: unknown[] = [];
			const engine = await start([
				traced("listener", { on: [type] }, async (input, context) => void inputs.push({ input, metadata: context.metadata })),
				traced("other", { on: [ownType()] }),
			]);
			const wake = wakeOf(type, { data: { kind: "first" } });
			expect(await engine.push([wake])).toEqual([]);
			expect(await runsOf("listener", 1)).toMatchObject([{ wakeId: wake.input.wakeId, attempt: 1 }]);
			expect(inputs).toEqual([{ input: wake.input, metadata: wake.metadata }]);
			expect(await seen().runs("other")).toEqual([]);
		});

		test("one event starts every workflow that listens to it, each once", async () => {
			const type = ownType();
			const engine = await start(["one", "two", "three"].map((label) => traced(label, { on: [type, ownType()] })));
			await engine.push([wakeOf(type)]);
			for (const label of ["one", "two", "three"]) await runsOf(label, 1);
			await sleep(300);
			for (const label of ["one", "two", "three"]) expect(await seen().runs(label)).toHaveLength(1);
		});

		test("data arrives as it was sent: unicode, control characters, nesting, 64 kB", async () => {
			const type = ownType();
			const arrived = new Map<string, unknown>();
			const engine = await start([traced("reader", { on: [type] }, async (input) => void arrived.set(input.wakeId, input.data))]);
			const filler = maxEventDataBytes - Buffer.byteLength(JSON.stringify({ text: "" }));
			const samples: Record<string, unknown>[] = [
				{ text: "Grüße, 日本語, עברית, 👩🏽‍💻, e\u0301", tab: "\t\n\u0001", escaped: "\\u0000", quote: '"\\' },
				{ nested: { list: [1, -2.5, 1e21, true, null, [], {}], "": "empty key" }, __proto__key: 1 },
				{ text: "x".repeat(filler) },
			];
			const wakes = samples.map((data) => wakeOf(type, { data }));
			expect(await engine.push(wakes)).toEqual([]);
			await runsOf("reader", wakes.length);
			for (const [index, wake] of wakes.entries()) expect(arrived.get(wake.input.wakeId)).toEqual(samples[index]);
		});

		test("what an engine can't carry is refused by push with the reason, and the rest of the batch runs", async () => {
			const type = ownType();
			const engine = await start([traced("reader", { on: [type] })]);
			const tooLarge = wakeOf(type, { data: { text: "é".repeat(maxEventDataBytes / 2) } });
			const zero = wakeOf(type, { data: { text: "a\u0000b" } });
			const fine = wakeOf(type);
			const failures = await engine.push([tooLarge, zero, fine]);
			expect(failures.map((failure) => failure.wakeId)).toEqual([tooLarge.input.wakeId, zero.input.wakeId]);
			expect(failures[0]?.error.message).toContain(`${maxEventDataBytes} are allowed`);
			expect(failures[1]?.error.message).toContain("U+0000");
			expect(await runsOf("reader", 1)).toMatchObject([{ wakeId: fine.input.wakeId }]);
		});

		test("a run that failed is tried again as often as the workflow says; a non-retryable error or invalid input ends it at once", async () => {
			const type = ownType();
			const engine = await start([
				traced("flaky", { on: [type], retries: 1 }, async (_, { attempt }) => {
					if (attempt === 1) throw new Error("first attempt fails");
				}),
				traced("hopeless", { on: [type], retries: 1 }, async () => {
					throw new Error("always fails");
				}),
				traced("refusing", { on: [type], retries: 3 }, async () => {
					throw new NonRetryableError("no use");
				}),
				traced("strict", { on: [type], retries: 3, input: WakeInput.extend({ data: z.object({ missing: z.string() }) }) }),
			]);
			const wake = wakeOf(type);
			await engine.push([wake]);
			expect((await runsOf("flaky", 2, retryMs)).map((run) => run.attempt)).toEqual([1, 2]);
			await runsOf("hopeless", 2, retryMs);
			// Long enough for a third run, had one been planned.
			await sleep(9_000);
			expect(await seen().runs("flaky")).toHaveLength(2);
			expect(await seen().runs("hopeless")).toHaveLength(2);
			expect(await seen().runs("refusing")).toHaveLength(1);
			expect(await seen().runs("strict")).toEqual([]);
		});

		test("a run over its timeout has its signal aborted and is tried again, even if it ignores the signal", async () => {
			const type = ownType();
			const aborted: number[] = [];
			const engine = await start([
				traced("obedient", { on: [type], timeoutMs: 1_000, retries: 0 }, async (_, { signal, attempt }) => {
					await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
					aborted.push(attempt);
				}),
				traced("deaf", { on: [type], timeoutMs: 1_000, retries: 1 }, async (_, { attempt }) => {
					if (attempt === 1) await new Promise(() => {});
				}),
			]);
			await engine.push([wakeOf(type)]);
			await until("the signal aborts", startMs + 3_000, async () => aborted.length > 0);
			expect(aborted).toEqual([1]);
			await runsOf("deaf", 2, retryMs);
		});

		test("steps run in order with the earlier results; a failing step does not repeat the ones before it", async () => {
			const type = ownType();
			const given: unknown[] = [];
			const engine = await start([
				workflow({
					name: ownName("steps"),
					on: [type],
					retries: 1,
					timeoutMs: 10_000,
					steps: [
						{
							name: "first",
							run: async (_, context) => {
								await seen().ran("first", context);
								return { made: "by first", when: new Date(0) };
							},
						},
						{
							name: "second",
							run: async (_, context, results) => {
								await seen().ran("second", context);
								if ((await seen().runs("second")).length === 1) throw new Error("second fails once");
								given.push(results);
								return 2;
							},
						},
						{
							name: "third",
							run: async (_, context, results) => {
								await seen().ran("third", context);
								given.push(results);
							},
						},
					],
				}),
			]);
			await engine.push([wakeOf(type)]);
			await runsOf("third", 1, retryMs);
			const first = { made: "by first", when: "1970-01-01T00:00:00.000Z" };
			await until("the third step's results", 1_000, async () => given.length === 2);
			expect(given).toEqual([{ first }, { first, second: 2 }]);
			expect(await seen().runs("first")).toHaveLength(1);
			expect(await seen().runs("second")).toHaveLength(2);
			expect(await seen().runs("third")).toHaveLength(1);
		});

		test("100 children of a parent that runs twice take effect once each", async () => {
			const type = ownType();
			const subjects = Array.from({ length: 100 }, () => randomUUID());
			const metadata: unknown[] = [];
			const child = traced("child", { on: [] }, async ({ subjectId }, context) => {
				metadata.push(context.metadata);
				await seen().effect(subjectId);
			});
			const parent = traced("parent", { on: [type], retries: 1 }, async (_, { spawn: spawnChildren, attempt }) => {
				await spawnChildren(
					child,
					subjects.map((subjectId) => ({ projectId: null, subjectId, data: {} })),
				);
				if (attempt === 1) throw new Error("killed after spawning");
			});
			const engine = await start([parent, child]);
			const wake = wakeOf(type);
			await engine.push([wake]);
			await runsOf("parent", 2, retryMs);
			await until("100 effects", startMs + 10_000, async () => (await seen().effects()).length >= 100);
			expect(await seen().effects()).toEqual([...subjects].sort());
			for (const inherited of metadata) expect(inherited).toEqual(wake.metadata);
			const wakeIds = new Set((await seen().runs("child")).map((run) => run.wakeId));
			expect(wakeIds).toEqual(new Set(subjects.map((subjectId) => `${wake.input.wakeId}/${subjectId}`)));
		});

		test("a wake pushed 30 times takes effect once", async () => {
			const type = ownType();
			const engine = await start([traced("once", { on: [type] }, async ({ wakeId }) => seen().effect(wakeId))]);
			const wake = wakeOf(type);
			expect(await engine.push(Array.from({ length: 15 }, () => wake))).toEqual([]);
			for (let time = 0; time < 15; time += 1) expect(await engine.push([wake])).toEqual([]);
			await runsOf("once", 1);
			await sleep(500);
			expect(await seen().effects()).toEqual([wake.input.wakeId]);
			expect((await seen().runs("once")).length).toBeLessThanOrEqual(repeats);
		});

		test("stop lets what runs finish and starts nothing new", async () => {
			const type = ownType();
			const engine = await start([
				traced("slow", { on: [type] }, async ({ wakeId }) => {
					await sleep(2_000);
					await seen().effect(wakeId);
				}),
			]);
			const wake = wakeOf(type);
			await engine.push([wake]);
			await runsOf("slow", 1);
			await stop(engine);
			expect(await seen().effects()).toEqual([wake.input.wakeId]);
			expect(await seen().runs("slow")).toHaveLength(1);
		});

		test("the run of a worker killed with SIGKILL runs again elsewhere, although it has no retries", {
			timeout: recoveryMs + 60_000,
		}, async () => {
			const type = ownType();
			const label = ownName("killed");
			const wakeId = randomUUID();
			const settings = { engine: engineSettings(seen().url), observations: seen().url, name: label, type, wakeId };
			const child = spawn(process.execPath, [workerProcess, JSON.stringify(settings)], { stdio: ["ignore", "ignore", "pipe"] });
			let output = "";
			child.stderr.on("data", (chunk) => {
				output += chunk;
			});
			const exited = once(child, "exit");
			try {
				await until(`the other process runs it. ${output}`, 40_000, async () => (await seen().runs(label)).length > 0);
				await start([
					workflow({ name: label, on: [type], retries: 0, timeoutMs: 25_000, run: async (_, context) => seen().ran(label, context) }),
				]);
				child.kill("SIGKILL");
				await exited;
				const killedAt = performance.now();
				const runs = await runsOf(label, 2, recoveryMs);
				expect(runs.map((run) => [run.wakeId, run.process === process.pid])).toEqual([
					[wakeId, false],
					[wakeId, true],
				]);
				expect(performance.now() - killedAt).toBeLessThan(recoveryMs);
			} finally {
				child.kill("SIGKILL");
			}
		});

		test("a wake that the engine swallows comes again by its timer", async () => {
			// A type of its own: what was registered on Hatchet by another test would hear it as well.
			const type = "agent.response.record.due";
			const engine = await start([traced("due", { on: [type] })]);
			const { db } = seen();
			let swallowed = 0;
			const forgetful = scriptedEngine(async (wakes) => {
				if (swallowed > 0) return engine.push(wakes);
				swallowed += wakes.length;
				return [];
			});
			relay(forgetful, [type]);
			const { id } = await writeTimer(db, { type });
			const timer = async () => (await db.orm.select().from(timers))[0];
			await until("the timer is moved on", 3_000, async () => (await timer())?.fired === 1);
			expect((await timer())?.dueAt.getTime()).toBeGreaterThan(Date.now() + 55_000);
			// Nobody waits for the minute to pass.
			await db.orm.update(timers).set({ dueAt: sql`now()` });
			db.notifier.notify("timers");
			expect(await runsOf("due", 1)).toMatchObject([{ wakeId: `${id}:1` }]);
		});

		test("events written before any worker knew their workflow run once it does", async () => {
			const type = ownType();
			const ids = await writeEvents(seen().db, { type, count: 250 });
			const engine = await start([traced("late", { on: [type] }, async ({ wakeId }) => seen().effect(wakeId))]);
			relay(engine, [type]);
			await until("250 effects", startMs + 15_000, async () => (await seen().effects()).length === ids.length);
			expect(await seen().effects()).toEqual(ids.sort());
		});

		test("says what to do when work was not called yet", async () => {
			const engine = await makeEngine();
			await expect(engine.push([wakeOf(ownType())])).rejects.toMatchObject({
				name: "EngineUnavailableError",
				remedy: expect.stringContaining("work()"),
			});
		});

		test("is healthy while it works", async () => {
			const engine = await start([traced("any", { on: [ownType()] })]);
			expect(await engine.health()).toMatchObject({ ok: true, engine: engine.name, remedy: null });
		});
	});
};

/** Apart from the rest, since crontab lines know minutes only and the test has to wait for one. */
export const cronConformance = (name: string, options: ConformanceOptions) => {
	describe(`${name} engine`, () => {
		const { seen, start, traced, runsOf } = useHarness(options);

		test("cron starts one run per minute with two workers, under the tick as its wake id", { timeout: 90_000 }, async () => {
			const ticking = traced("ticking", { on: [], cron: "* * * * *" });
			await start([ticking]);
			await start([ticking]);
			await runsOf("ticking", 1, 70_000);
			await sleep(4_000);
			const runs = await seen().runs("ticking");
			expect(new Set(runs.map((run) => run.wakeId)).size).toBe(runs.length);
			for (const run of runs) expect(run.wakeId).toMatch(/^cron\/\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/);
			expect(Math.abs(Date.parse(runs[0]?.wakeId.slice(5) ?? "") - (runs[0]?.at.getTime() ?? 0))).toBeLessThan(10_000);
		});
	});
};
