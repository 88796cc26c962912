import { execFile } from "node:child_process";
import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "./start/root.ts";

const folders = ["contracts", "db", "core", "engine", "adapters", "api", "worker", "frontend", "e2e", "bench", "scripts", "examples"];

type Report = {
	modules: { source: string }[];
	summary: { violations: { rule: { name: string }; from: string; to: string }[] };
};

const cruise = async (cwd: string, targets: string[]): Promise<Report> => {
	const program = join(root, "node_modules", "dependency-cruiser", "bin", "dependency-cruiser.mjs");
	const args = [program, "--config", ".dependency-cruiser.mjs", "--output-type", "json", ...targets];
	const options = { cwd, maxBuffer: 100_000_000 };
	const { stdout } = await promisify(execFile)(process.execPath, args, options).catch((error: { stdout?: string; stderr?: string }) => {
		if (!error.stdout) throw new Error(error.stderr);
		return { stdout: error.stdout };
	});
	return JSON.parse(stdout) as Report;
};

test("every source file is looked at", async () => {
	const { modules } = await cruise(root, folders);
	const seen = new Set(modules.map(({ source }) => source));
	const files = folders.flatMap((folder) =>
		globSync(`${folder}/**/*.{ts,tsx,mjs}`, { cwd: root, exclude: (name) => /(^|\/)(node_modules|dist|\.data)($|\/)/.test(name) }),
	);
	expect(files.length).toBeGreaterThan(100);
	// Declarations hold no imports of ours, and a file that another process writes this very moment may be on one side only.
	expect(files.filter((file) => !seen.has(file) && !file.endsWith(".d.ts"))).toEqual([]);
}, 60_000);

/** A small tree that breaks one rule per line: importing file → imported file. */
const planted: [string, string, string][] = [
	["contracts-imports", "contracts/src/bad.ts", "db/src/index.ts"],
	["db-imports", "db/src/bad.ts", "core/src/index.ts"],
	["core-imports", "core/src/plans/bad.ts", "engine/src/index.ts"],
	["engine-imports", "engine/src/bad.ts", "core/src/index.ts"],
	["adapters-imports", "adapters/src/bad.ts", "db/src/index.ts"],
	["api-imports", "api/src/bad.ts", "engine/src/index.ts"],
	["worker-imports", "worker/src/bad.ts", "api/src/index.ts"],
	["frontend-imports", "frontend/src/bad.tsx", "core/src/index.ts"],
	["e2e-imports", "e2e/bad.ts", "db/src/index.ts"],
	["bench-imports", "bench/bad.ts", "core/src/index.ts"],
	["no-foreign-queries", "core/src/plans/worse.ts", "core/src/agents/queries.ts"],
	["no-foreign-features", "frontend/src/features/plans/bad.tsx", "frontend/src/features/agents/list.tsx"],
	["tests-stay-out", "core/src/agents/bad.ts", "core/src/testing.ts"],
	["hatchet-sdk", "engine/src/relay.ts", "node_modules/@hatchet-dev/typescript-sdk/index.js"],
	["graphile-worker", "worker/src/jobs.ts", "node_modules/graphile-worker/index.js"],
	["orpc-server", "api/src/routes/plans/bad.ts", "node_modules/@orpc/server/index.js"],
	["drizzle", "api/src/sql.ts", "node_modules/drizzle-orm/index.js"],
	["express", "worker/src/web.ts", "node_modules/express/index.js"],
];

describe("a planted import", () => {
	let folder = "";
	let violations: Report["summary"]["violations"] = [];

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "agentplanner-boundaries-"));
		const write = (file: string, text: string) => {
			mkdirSync(dirname(join(folder, file)), { recursive: true });
			writeFileSync(join(folder, file), text);
		};
		for (const name of [".dependency-cruiser.mjs", "tsconfig.base.json"]) cpSync(join(root, name), join(folder, name));
		for (const [, , to] of planted) write(to, "export const value = 1;\n");
		for (const [, from, to] of planted) write(from, `import { value } from "${"../".repeat(from.split("/").length - 1)}${to}";\n`);
		write("core/src/one.ts", 'import { two } from "./two.ts";\nexport const one = () => two;\n');
		write("core/src/two.ts", 'import { one } from "./one.ts";\nexport const two = () => one;\n');
		write("core/src/lost.ts", 'import { gone } from "./gone.ts";\nexport const lost = gone;\n');
		const targets = ["contracts", "db", "core", "engine", "adapters", "api", "worker", "frontend", "e2e", "bench"];
		violations = (await cruise(folder, targets)).summary.violations;
	}, 60_000);

	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	test.each(planted)("against %s is refused", (rule, from) => {
		expect(violations.filter((violation) => violation.from === from).map((violation) => violation.rule.name)).toContain(rule);
	});

	test("that closes a circle is refused", () => {
		expect(violations.map((violation) => violation.rule.name)).toContain("no-cycles");
	});

	test("that leads nowhere is refused", () => {
		expect(violations.filter((violation) => violation.from === "core/src/lost.ts").map((violation) => violation.rule.name)).toEqual([
			"not-resolvable",
		]);
	});
});
