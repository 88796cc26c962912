import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { endsWithParent } from "../../../scripts/testing/ends-with-parent.ts";
import { eventually } from "../../../scripts/testing/eventually.ts";
import { NonRetryableError, WakeInput, workflow } from "../../src/index.ts";
import { type ConformanceOptions, useHarness } from "../harness.ts";
import { ownName, ownType, sleep, wakeOf } from "../observations.ts";

const workerProcess = fileURLToPath(new URL("../fixtures/worker-process.ts", import.meta.url));

/** Runs that fail, hang, or lose their worker. */
export const failureConformance = (name: string, options: ConformanceOptions) => {
	const { engineSettings, startMs, retryMs, recoveryMs } = options;
	describe(`${name} engine: failures`, () => {
		const { seen, start, traced, runsOf } = useHarness(options);

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

		test("a patient child that failed is tried again as often as it says; a parent that ends badly loses none that it spawned", async () => {
			const type = ownType();
			const flaky = traced("flaky-child", { on: [], patient: true, retries: 1 }, async (_, { attempt }) => {
				if (attempt === 1) throw new Error("first attempt fails");
			});
			const hopeless = traced("hopeless-child", { on: [], patient: true, retries: 1 }, async () => {
				throw new Error("always fails");
			});
			const orphan = traced("orphan", { on: [], patient: true });
			const child = () => [{ projectId: null, subjectId: randomUUID(), data: {} }];
			const engine = await start([
				traced("parent", { on: [type] }, (_, context) => context.spawn(flaky, child())),
				traced("other-parent", { on: [type] }, (_, context) => context.spawn(hopeless, child())),
				traced("parent-that-ends-badly", { on: [type] }, async (_, context) => {
					await context.spawn(orphan, child());
					throw new NonRetryableError("no use");
				}),
				...[flaky, hopeless, orphan],
			]);
			await engine.push([wakeOf(type)]);
			expect((await runsOf("flaky-child", 2, retryMs)).map((run) => run.attempt)).toEqual([1, 2]);
			await runsOf("hopeless-child", 2, retryMs);
			await runsOf("orphan", 1);
			// Long enough for a third run, had one been planned.
			await sleep(9_000);
			for (const [label, runs] of Object.entries({ "flaky-child": 2, "hopeless-child": 2, orphan: 1, parent: 1, "other-parent": 1 }))
				expect(await seen().runs(label), label).toHaveLength(runs);
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
			await eventually("the signal aborts", async () => aborted.length > 0, startMs + 3_000);
			expect(aborted).toEqual([1]);
			await runsOf("deaf", 2, retryMs);
		});

		test("the run of a worker killed with SIGKILL runs again elsewhere, although it has no retries", {
			timeout: recoveryMs + 60_000,
		}, async () => {
			const type = ownType();
			const label = ownName("killed");
			const wakeId = randomUUID();
			const settings = { engine: engineSettings(seen().url), observations: seen().url, name: label, type, wakeId };
			const child = spawn(process.execPath, [...endsWithParent, workerProcess, JSON.stringify(settings)], {
				stdio: ["ignore", "ignore", "pipe", "ipc"],
			});
			let output = "";
			child.stderr?.on("data", (chunk) => {
				output += chunk;
			});
			const exited = once(child, "exit");
			try {
				await eventually(`the other process runs it. ${output}`, async () => (await seen().runs(label)).length > 0, 40_000);
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
	});
};
