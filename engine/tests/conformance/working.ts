import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type ConformanceOptions, useHarness } from "../harness.ts";
import { ownType, sleep, wakeOf } from "../observations.ts";

/** Taking work, and ceasing to. */
export const workingConformance = (name: string, options: ConformanceOptions) => {
	describe(`${name} engine: working`, () => {
		const { seen, makeEngine, start, stop, traced, runsOf } = useHarness(options);

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

		test("short runs don't wait for patient ones that hang in every slot; a patient one is spawned across", async () => {
			const [patientType, shortType] = [ownType(), ownType()];
			const { promise: hanging, resolve: letGo } = Promise.withResolvers<void>();
			const patient = traced("patient", { on: [patientType], patient: true }, () => hanging);
			const child = traced("child", { on: [], patient: true });
			const short = traced("short", { on: [shortType] }, (input, { spawn }) => spawn(child, [{ ...input, subjectId: randomUUID() }]));
			try {
				const engine = await start([patient, short, child], 2);
				await engine.push(Array.from({ length: 5 }, () => wakeOf(patientType)));
				await runsOf("patient", 2);
				await engine.push(Array.from({ length: 20 }, () => wakeOf(shortType)));
				await runsOf("short", 20);
				expect(await seen().runs("patient")).toHaveLength(2);
				expect(await seen().runs("child")).toEqual([]);
				letGo();
				await runsOf("patient", 5);
				await runsOf("child", 20);
			} finally {
				letGo();
			}
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
