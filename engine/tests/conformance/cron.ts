import { describe, expect, test } from "vitest";
import { type ConformanceOptions, useHarness } from "../harness.ts";
import { sleep } from "../observations.ts";

/** Apart from the rest, since crontab lines know minutes only and the test has to wait for one. */
export const cronConformance = (name: string, options: ConformanceOptions) => {
	describe(`${name} engine: cron`, () => {
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
