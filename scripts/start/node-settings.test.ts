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

/** Addresses of all that a process has loaded once it has imported these. */
const loadedBy = (...modules: string[]): string =>
	run(`
		import { registerHooks } from "node:module";
		const urls = [];
		registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) });
		for (const module of ${JSON.stringify(modules)}) await import(module);
		console.log(urls.join("\\n"));
		process.exit(0);
	`);

test("a worker on one engine loads nothing of the other", () => {
	const loaded = loadedBy("./worker/src/start-worker.ts", "./engine/src/postgres.ts");
	expect(loaded).toMatch(/graphile-worker\/dist\/index/);
	expect(loaded).not.toMatch(/hatchet|grpc/);
});

test("neither process loads a platform's SDK before it is used, nor the api what dials out", () => {
	expect(loadedBy("./worker/src/start-worker.ts")).not.toMatch(/discord\.js|@slack\/web-api/);
	expect(loadedBy("./api/src/app.ts")).not.toMatch(/discord\.js|@slack\/web-api|\/undici\//);
});
