import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeSettings } from "./node-settings.ts";
import { root } from "./root.ts";

/** Runs code as one of our processes is run. */
const run = (code: string, env: Record<string, string> = {}): string => {
	const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", code], {
		cwd: root,
		encoding: "utf8",
		env: { PATH: process.env.PATH, ...nodeSettings(env) },
	});
	expect([status, stderr]).toEqual([0, ""]);
	return stdout.trim();
};

const heapLimit = 'console.log(Math.floor((await import("node:v8")).getHeapStatistics().heap_size_limit / 2 ** 20));';

test("Node takes the limits, and the operator's own go before them", () => {
	expect(Number(run(heapLimit))).toBeLessThan(300);
	const wider = Number(run(heapLimit, { NODE_OPTIONS: "--max-old-space-size=1024" }));
	expect(wider).toBeGreaterThanOrEqual(1024);
	expect(wider).toBeLessThan(1100);
});

test("the images have the same limits", () => {
	const dockerfile = readFileSync(join(root, "docker", "Dockerfile"), "utf8");
	const { NODE_OPTIONS, MALLOC_ARENA_MAX } = nodeSettings({});
	expect(dockerfile).toContain(`NODE_OPTIONS="${NODE_OPTIONS}" MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX}`);
});

test("a worker on one engine loads nothing of the other", () => {
	const loaded = run(`
		import { registerHooks } from "node:module";
		const urls = [];
		registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) });
		await import("./worker/src/start-worker.ts");
		await import("./engine/src/postgres.ts");
		console.log(urls.filter((url) => /hatchet|grpc|graphile-worker\\/dist\\/index/.test(url)).join("\\n"));
		process.exit(0);
	`);
	expect(loaded).toMatch(/graphile-worker/);
	expect(loaded).not.toMatch(/hatchet|grpc/);
});
