import { maxEventDataBytes } from "@agentplanner/contracts";
import { sql, timers } from "@agentplanner/db";
import { describe, expect, test } from "vitest";
import { eventually } from "../../../scripts/testing/eventually.ts";
import { type ConformanceOptions, useHarness } from "../harness.ts";
import { ownType, sleep, wakeOf } from "../observations.ts";
import { writeEvents, writeTimer } from "../relay-rows.ts";
import { scriptedEngine } from "../scripted-engine.ts";

/** Events start runs, with what they carry, at least once. */
export const eventConformance = (name: string, options: ConformanceOptions) => {
	const { startMs, repeats } = options;
	describe(`${name} engine: events`, () => {
		const { seen, start, relay, traced, runsOf } = useHarness(options);

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
			await eventually("the timer is put off", async () => ((await timer())?.dueAt.getTime() ?? 0) > Date.now() + 55_000, 3_000);
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
			await eventually("250 effects", async () => (await seen().effects()).length === ids.length, startMs + 15_000);
			expect(await seen().effects()).toEqual(ids.sort());
		});
	});
};
