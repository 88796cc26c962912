import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { claimDataFolder } from "./running.ts";

const dataFolder = () => {
	const folder = mkdtempSync(join(tmpdir(), "agentplanner-running-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
};

/** Claims at that moment, says how that went, and lives until it is ended. */
const claimer = (dataDir: string, at: number) => {
	const program = `
		import { claimDataFolder } from ${JSON.stringify(new URL("running.ts", import.meta.url).href)};
		while (Date.now() < ${at});
		const outcome = await claimDataFolder(${JSON.stringify(dataDir)}, () => {}).then(() => "claimed", (error) => error.name);
		process.send({ pid: process.pid, outcome });
		setInterval(() => {}, 1_000);
	`;
	const stdio = ["ignore", "inherit", "inherit", "ipc"] as const;
	const child = spawn(process.execPath, ["--input-type=module", "--eval", program], { stdio: [...stdio] });
	onTestFinished(() => void child.kill("SIGKILL"));
	return once(child, "message").then(([message]) => message as { pid: number; outcome: string });
};

test.each([
	["an empty folder", null],
	["what a killed start left", { starter: { pid: 4_000_000, birth: "1" }, services: {} }],
])("of several starts at the same instant one claims %s", async (_, left) => {
	for (let round = 0; round < 3; round += 1) {
		const dataDir = dataFolder();
		if (left) writeFileSync(join(dataDir, "running.json"), JSON.stringify(left));
		const at = Date.now() + 700;
		const outcomes = await Promise.all(Array.from({ length: 6 }, () => claimer(dataDir, at)));
		const claimed = outcomes.filter(({ outcome }) => outcome === "claimed");
		expect(claimed).toHaveLength(1);
		expect(outcomes.filter(({ outcome }) => outcome === "StartError")).toHaveLength(5);
		expect(JSON.parse(readFileSync(join(dataDir, "running.json"), "utf8")).starter.pid).toBe(claimed[0]?.pid);
	}
});

test("a file that was cut off by a full disk is no claim", async () => {
	const dataDir = dataFolder();
	writeFileSync(join(dataDir, "running.json"), '{"starter": {"pi');
	const running = await claimDataFolder(dataDir, () => {});
	expect(statSync(join(dataDir, "running.json")).mode & 0o777).toBe(0o600);
	running.remove();
	expect(statSync(join(dataDir, "running.json"), { throwIfNoEntry: false })).toBeUndefined();
});

test("what can't be saved is said once, and saved again once it can", async () => {
	const dataDir = dataFolder();
	const said: string[] = [];
	const running = await claimDataFolder(dataDir, (line) => said.push(line));
	rmSync(dataDir, { recursive: true });
	running.update({ url: "http://127.0.0.1:1" });
	running.setService("api", process.pid);
	expect(said).toEqual(["running.json can't be written (ENOENT); the product goes on"]);
	running.remove();
});
