import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from "vitest";
import { type EmbeddedPostgres, EmbeddedPostgresError, startEmbeddedPostgres } from "../src/embedded.ts";

const freePort = () =>
	new Promise<number>((resolve) => {
		const server = createServer().listen(0, "127.0.0.1", () => {
			const address = server.address();
			server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
		});
	});

let folder = "";
let server: EmbeddedPostgres;
const lock = () => join(folder, "data", "postmaster.pid");
const pidIn = (file: string) => Number(readFileSync(file, "utf8").split("\n")[0]);
const start = async () => startEmbeddedPostgres({ folder, port: await freePort(), maxConnections: 20 });

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "agentplanner-embedded-"));
	chmodSync(folder, 0o755);
	server = await start();
}, 60_000);
afterAll(async () => {
	await server?.stop();
	rmSync(folder, { recursive: true, force: true });
});

/** What a machine that lost its power leaves, with the pid given to somebody else since. */
const leaveLockOf = async (pid: number) => {
	const lines = readFileSync(lock(), "utf8").split("\n");
	await server.stop();
	writeFileSync(lock(), [pid, ...lines.slice(1)].join("\n"));
};

test("a lock whose pid is another program's by now doesn't stop the start", async () => {
	// Of the same user: another user's process PostgreSQL doesn't mind.
	const { uid, gid } = statSync(join(folder, "data"));
	const other = spawn("sleep", ["60"], { uid, gid, cwd: "/" });
	onTestFinished(() => void other.kill());
	await leaveLockOf(other.pid ?? 0);
	server = await start();
	expect(await server.url("postgres")).toContain(`:${server.port}/`);
	expect(pidIn(lock())).not.toBe(other.pid);
}, 60_000);

test("nor one whose pid is another PostgreSQL's", async () => {
	const client = new pg.Client({ connectionString: `${inject("postgresUrl")}/postgres` });
	await client.connect();
	const { rows } = await client.query<{ folder: string }>("select current_setting('data_directory') as folder");
	await client.end();
	const foreign = pidIn(join(rows[0]?.folder ?? "", "postmaster.pid"));
	await leaveLockOf(foreign);
	server = await start();
	expect(await server.url("postgres")).toContain(`:${server.port}/`);
	expect(pidIn(lock())).not.toBe(foreign);
}, 60_000);

test("a server that runs is taken over, with its lock", async () => {
	const pid = pidIn(lock());
	const again = await start();
	expect([again.port, pidIn(lock())]).toEqual([server.port, pid]);
	expect(await again.isRunning()).toBe(true);
}, 60_000);

test("a server that doesn't let us in is an error with its log", async () => {
	await server.stop();
	const error = await server.url("postgres").catch((reason: unknown) => reason);
	expect(error).toBeInstanceOf(EmbeddedPostgresError);
	expect((error as Error).message).toMatch(
		/PostgreSQL on port \d+ .* can't be used \(.*ECONNREFUSED.*\). Its log .* ends with:\n.*shut down/s,
	);
}, 60_000);
