import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { eventually } from "../../../scripts/testing/eventually.ts";
import { workflow } from "../../src/index.ts";
import { type ConformanceOptions, useHarness } from "../harness.ts";
import { ownName, ownType, wakeOf } from "../observations.ts";

/** Runs of several steps, and runs that start others. */
export const stepConformance = (name: string, options: ConformanceOptions) => {
	const { startMs, retryMs } = options;
	describe(`${name} engine: steps and children`, () => {
		const { seen, start, traced, runsOf } = useHarness(options);

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
			await eventually("the third step's results", async () => given.length === 2, 1_000);
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
			await eventually("100 effects", async () => (await seen().effects()).length >= 100, startMs + 10_000);
			expect(await seen().effects()).toEqual([...subjects].sort());
			for (const inherited of metadata) expect(inherited).toEqual(wake.metadata);
			const wakeIds = new Set((await seen().runs("child")).map((run) => run.wakeId));
			expect(wakeIds).toEqual(new Set(subjects.map((subjectId) => `${wake.input.wakeId}/${subjectId}`)));
		});

		test("80 parents that spawn a child each at the same time lose none", async () => {
			const type = ownType();
			const child = traced("child", { on: [] }, async ({ wakeId }) => seen().effect(wakeId));
			const parent = traced("parent", { on: [type], retries: 3 }, async (_, { spawn: spawnChild }) =>
				spawnChild(child, [{ projectId: null, subjectId: randomUUID(), data: {} }]),
			);
			const engine = await start([parent, child], 50);
			await engine.push(Array.from({ length: 80 }, () => wakeOf(type)));
			await eventually("80 effects", async () => (await seen().effects()).length === 80, startMs + 40_000);
		}, 90_000);
	});
};
