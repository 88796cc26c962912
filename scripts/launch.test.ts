import { spawn, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { root } from "./start/root.ts";

type Packages = Record<string, { version?: string; optional?: boolean }>;

const sayGiven = 'console.log("port", process.env.PORT, "engine", process.env.ENGINE);\n';

/** A checkout with these packages locked and installed, an npm that only leaves a mark, and a start of the test's own. */
const makeCheckout = (locked: Packages, installed: Packages | null, start: string): string => {
	const folder = mkdtempSync(join(tmpdir(), "agentplanner-launch-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	for (const name of ["scripts", "bin", "node_modules"]) mkdirSync(join(folder, name));
	copyFileSync(join(root, "scripts/launch.mjs"), join(folder, "scripts/launch.mjs"));
	writeFileSync(join(folder, "scripts/start.ts"), start);
	writeFileSync(join(folder, "bin/npm"), `#!/bin/sh\necho "$@" > '${join(folder, "installed")}'\n`);
	chmodSync(join(folder, "bin/npm"), 0o755);
	writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages: { "": {}, db: { version: "0.1.0" }, ...locked } }));
	if (installed) writeFileSync(join(folder, "node_modules/.package-lock.json"), JSON.stringify({ packages: installed }));
	return folder;
};

const checkout = (locked: Packages, installed: Packages | null, env = "") => {
	const folder = makeCheckout(locked, installed, sayGiven);
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

test.each([
	["the launcher alone", (pid: number) => pid],
	["the whole group, as Ctrl-C does", (pid: number) => -pid],
])("a SIGINT to %s stops the product, once", async (_, target) => {
	const stopSignal = join(root, "scripts/start/stop-signal.ts");
	const start = `
		import { stopSignal } from ${JSON.stringify(stopSignal)};
		const stop = stopSignal(console.log);
		const alive = setInterval(() => {}, 1_000);
		stop.addEventListener("abort", () => {
			console.log("stopping");
			clearInterval(alive);
			setTimeout(() => console.log("stopped") ?? process.exit(0), 300);
		});
		console.log("runs");
	`;
	const child = spawn(process.execPath, [join(makeCheckout(pg, pg, start), "scripts/launch.mjs")], {
		detached: true,
		stdio: ["ignore", "pipe", "inherit"],
	});
	onTestFinished(() => void (child.exitCode === null && child.signalCode === null && process.kill(-(child.pid ?? 0), "SIGKILL")));
	let output = "";
	child.stdout.on("data", (chunk: Buffer) => (output += chunk));
	const exit = new Promise((resolve) => child.once("close", resolve));
	while (!output.includes("runs")) await sleep(20);
	process.kill(target(child.pid ?? 0), "SIGINT");
	expect(await exit).toBe(0);
	expect(output).toBe("runs\nstopping\nstopped\n");
});
