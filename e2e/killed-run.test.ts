import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { isAlive } from "../scripts/start/processes.ts";
import { eventually } from "../scripts/testing/eventually.ts";
import { awaitReady, launch } from "./support/product.ts";

test("a run of tests that is killed leaves no process and no file behind", async () => {
	const run = launch("e2e/support/run-to-kill.ts", []);
	const message = new Promise<{ folder: string; pids: number[] }>((resolve) => run.child.once("message", (said) => resolve(said as never)));
	await awaitReady(run, 120_000);
	const { folder, pids } = await message;
	expect(pids.filter(isAlive)).toHaveLength(4);
	expect(existsSync(folder)).toBe(true);

	run.child.kill("SIGKILL");
	await eventually("all is gone", () => !existsSync(folder) && !pids.some(isAlive));
});
