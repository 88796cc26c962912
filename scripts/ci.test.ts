import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { root } from "./start/root.ts";

type Step = { id?: string; uses?: string; run?: string };
type Job = { "runs-on": string; "timeout-minutes"?: number; services?: Record<string, object>; steps: Step[] };

const read = (file: string) => readFileSync(join(root, file), "utf8");
const { jobs } = parse(read(".github/workflows/ci.yml"), { strict: true, uniqueKeys: true }) as { jobs: Record<string, Job> };
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

describe.each(Object.entries(jobs))("CI's job %s", (_, job) => {
	test("ends in any case, and each step either uses a fixed version of an action or runs something", () => {
		expect(job["timeout-minutes"]).toBeGreaterThan(0);
		for (const { uses, run } of job.steps) {
			expect([uses, run].filter(Boolean)).toHaveLength(1);
			if (uses) expect(uses).toMatch(/^[\w-]+\/[\w-]+@v\d+/);
		}
	});

	test("runs scripts that exist, and refers to its own steps and services", () => {
		const text = JSON.stringify(job);
		for (const [, name = ""] of text.matchAll(/npm run ([\w:-]+)/g)) expect(Object.keys(scripts)).toContain(name);
		for (const [, id] of text.matchAll(/\{\{ steps\.(\w+)\./g)) expect(job.steps.map((step) => step.id)).toContain(id);
		for (const [, name] of text.matchAll(/\{\{ job\.services\.(\w+)\./g)) expect(Object.keys(job.services ?? {})).toContain(name);
	});
});

test("CI runs everything that proves the product: verify, the tests, and those that need a Hatchet", () => {
	const commands = Object.values(jobs).flatMap(({ steps }) => steps.map(({ run }) => run));
	expect(commands).toEqual(expect.arrayContaining(["npm run verify", "npm test", "npm run test:hatchet"]));
});
