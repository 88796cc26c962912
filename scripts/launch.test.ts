import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { root } from "./start/root.ts";

type Packages = Record<string, { version?: string; optional?: boolean }>;

/** A checkout with these packages locked and installed, an npm that only leaves a mark, and a start that says what it was given. */
const checkout = (locked: Packages, installed: Packages | null, env = "") => {
	const folder = mkdtempSync(join(tmpdir(), "agentplanner-launch-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	for (const name of ["scripts", "bin", "node_modules"]) mkdirSync(join(folder, name));
	copyFileSync(join(root, "scripts/launch.mjs"), join(folder, "scripts/launch.mjs"));
	writeFileSync(join(folder, "scripts/start.ts"), 'console.log("port", process.env.PORT, "engine", process.env.ENGINE);\n');
	writeFileSync(join(folder, "bin/npm"), `#!/bin/sh\necho "$@" > '${join(folder, "installed")}'\n`);
	chmodSync(join(folder, "bin/npm"), 0o755);
	writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages: { "": {}, db: { version: "0.1.0" }, ...locked } }));
	if (installed) writeFileSync(join(folder, "node_modules/.package-lock.json"), JSON.stringify({ packages: installed }));
	if (env) writeFileSync(join(folder, ".env"), env);
	const { stdout, stderr } = spawnSync(process.execPath, [join(folder, "scripts/launch.mjs")], {
		encoding: "utf8",
		env: { PATH: `${join(folder, "bin")}:/usr/bin:/bin`, PORT: "4000" },
	});
	return { stdout, stderr, reinstalled: existsSync(join(folder, "installed")) };
};

const pg = { "node_modules/pg": { version: "8.0.0" } };

test.each<[string, boolean, Packages, Packages | null]>([
	["nothing is installed", true, pg, null],
	["a package has another version", true, pg, { "node_modules/pg": { version: "7.0.0" } }],
	["a package is missing", true, { ...pg, "node_modules/ajv": { version: "8.0.0" } }, pg],
	["everything is there", false, pg, pg],
	["only another platform's package is missing", false, { ...pg, "node_modules/x": { version: "1.0.0", optional: true } }, pg],
])("when %s, it installs: %s", (_, expected, locked, installed) => {
	expect(checkout(locked, installed).reinstalled).toBe(expected);
});

test("settings come from .env, and from the environment first", () => {
	expect(checkout(pg, pg, "PORT=5000\nENGINE=postgres\n").stdout).toBe("port 4000 engine postgres\n");
	expect(checkout(pg, pg)).toMatchObject({ stdout: "port 4000 engine undefined\n", stderr: "" });
});
