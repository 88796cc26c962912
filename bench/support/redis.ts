import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../scripts/start/ports.ts";

const programs = ["redis-server", "valkey-server"];

/** Where there is none, a reader is told how to get it. */
export const howToGetRedis = `There is no ${programs.join(" or ")} on the PATH; on Debian and Ubuntu: apt-get install redis-server`;

/** A Redis of its own that writes down what it is told, as durably as its documentation advises; null where this machine has none. */
export const startRedis = async (own: AsyncDisposableStack): Promise<{ port: number; pid: number } | null> => {
	const program = programs.find((name) => spawnSync(name, ["--version"]).status === 0);
	if (!program) return null;
	const port = await freePort();
	const folder = mkdtempSync(join(tmpdir(), "redis-"));
	const durable = ["--appendonly", "yes", "--appendfsync", "everysec", "--save", ""];
	const args = ["--bind", "127.0.0.1", "--port", String(port), "--dir", folder, ...durable, "--maxmemory-policy", "noeviction"];
	const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
	const ended = once(child, "exit");
	own.defer(async () => {
		child.kill("SIGTERM");
		await ended;
	});
	let said = "";
	for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
		said += chunk;
		if (said.includes("Ready to accept connections")) break;
	}
	child.stdout.resume();
	if (child.exitCode !== null) throw new Error(`${program} did not start:\n${said}`);
	return { port, pid: child.pid ?? 0 };
};
