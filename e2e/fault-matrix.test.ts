import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { formatMatrix, readMatrix } from "./faults/matrix.ts";
import { allCases, groups } from "./faults/registry.ts";
import { runCase, runsOn, shareGround } from "./faults/run-case.ts";
import { postgres } from "./support/engine-under-test.ts";
import { root } from "./support/root.ts";

// Beside whatever else a machine does that runs tests.
const shared = shareGround(postgres, { patience: 3 });
afterAll(() => shared[Symbol.asyncDispose]());

const quick = allCases.filter((one) => runsOn(one, "postgres")).filter((one) => one.quick);

test.each(quick)("$id: $fault", async (one) => {
	const { passed, seen } = await runCase(one, shared);
	expect(passed, seen).toBe(true);
});

test("the matrix in docs/ lists exactly the cases that there are, and none that failed", () => {
	const document = readFileSync(join(root, "docs", "fault-matrix.md"), "utf8");
	expect(document).toBe(formatMatrix(groups, readMatrix(groups, document)));
	expect(document).not.toContain("FAILED");
	expect(new Set(allCases.map(({ id }) => id)).size).toBe(allCases.length);
});
