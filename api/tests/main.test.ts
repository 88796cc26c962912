import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { endsWithParent } from "../../scripts/testing/ends-with-parent.ts";

const script = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const key = randomBytes(32).toString("base64");

let database: TestDatabase;
const children: ChildProcess[] = [];
beforeAll(async () => {
	database = await createTestDatabase();
});
afterEach(() => {
	for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(() => database.drop());

/** The api as a process of its own, as npm start runs it. */
const start = (env: Record<string, string>) => {
	const child = spawn(process.execPath, [...endsWithParent, script], {
		env: { PATH: process.env.PATH, ENCRYPTION_KEY: key, PORT: "0", ...env },
		stdio: ["ignore", "pipe", "pipe", "ipc"],
	});
	children.push(child);
	let stderr = "";
	let stdout = "";
	child.stderr?.on("data", (chunk) => {
		stderr += chunk;
	});
	child.stdout?.on("data", (chunk) => {
		stdout += chunk;
	});
	const ready = new Promise<{ type: string; url: string }>((resolve) => child.once("message", (message) => resolve(message as never)));
	const ended = new Promise<{ code: number | null; stderr: string; stdout: string }>((resolve) =>
		child.once("close", (code) => resolve({ code, stderr, stdout })),
	);
	return { child, ready, ended };
};

describe("the process", () => {
	test("says when it is ready and where, serves, and ends by itself on SIGTERM, open pages or not", async () => {
		const { child, ready, ended } = start({ DATABASE_URL: database.url });
		const { type, url } = await ready;
		expect(type).toBe("ready");
		expect((await fetch(`${url}/ready`)).status).toBe(200);
		const register = await fetch(`${url}/api/v1/auth/register`, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({ email: "first@example.org", name: "First", password: "correct horse battery" }),
		});
		expect(register.status).toBe(201);
		const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/socket`, {
			headers: { cookie: register.headers.getSetCookie()[0] ?? "" },
		});
		await new Promise((resolve) => socket.on("open", resolve));
		const closed = new Promise((resolve) => socket.on("close", resolve));

		const startedAt = Date.now();
		child.kill("SIGTERM");
		expect(await closed).toBe(1001);
		const { code, stdout } = await ended;
		expect(code).toBe(0);
		expect(Date.now() - startedAt).toBeLessThan(5_000);
		const lines = stdout
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line));
		expect(lines).toContainEqual(
			expect.objectContaining({ msg: "request", path: "/api/v1/auth/register", status: 201, requestId: expect.any(String) }),
		);
		expect(stdout).not.toContain("correct horse");
	});

	test("with bad settings prints all of them and ends with code 1", async () => {
		const { code, stderr } = await start({ PORT: "x", REDIS_URL: "redis://x" }).ended;
		expect(code).toBe(1);
		expect(stderr).toMatch(/DATABASE_URL/);
		expect(stderr).toMatch(/PORT/);
		expect(stderr).toMatch(/Redis/);
		expect(stderr).not.toMatch(/\n\s+at /);
	});

	test("on a taken port says so in one sentence and ends with code 1", async () => {
		const other = createServer().listen(0, "127.0.0.1");
		await new Promise((resolve) => other.on("listening", resolve));
		const address = other.address();
		const port = typeof address === "object" ? String(address?.port) : "";
		const { code, stderr } = await start({ DATABASE_URL: database.url, PORT: port }).ended;
		other.close();
		expect(code).toBe(1);
		expect(stderr.trim()).toBe(`Port ${port} on 127.0.0.1 is taken: stop what uses it, or set PORT to another one.`);
	});

	test("without a database waits about ten seconds, then says so in one sentence without the password", async () => {
		const startedAt = Date.now();
		const { code, stderr } = await start({ DATABASE_URL: "postgres://me:hunter2@127.0.0.1:9/planner" }).ended;
		expect(code).toBe(1);
		expect(Date.now() - startedAt).toBeGreaterThan(9_000);
		expect(stderr.trim()).toMatch(/^PostgreSQL at 127\.0\.0\.1:9\/planner can't be reached \(.*\): start it, or correct DATABASE_URL/);
		expect(stderr).not.toContain("hunter2");
	});

	test("ends at once when it is stopped while it still waits for the database", async () => {
		const { child, ended } = start({ DATABASE_URL: "postgres://me:x@127.0.0.1:9/planner" });
		await new Promise((resolve) => child.stdout?.once("data", resolve));
		child.kill("SIGTERM");
		expect((await ended).code).toBe(0);
	});

	test("with a wrong password doesn't wait", async () => {
		const wrong = new URL(database.url);
		wrong.password = "wrong";
		const { code, stderr } = await start({ DATABASE_URL: wrong.href }).ended;
		expect(code).toBe(1);
		expect(stderr.trim()).toMatch(/refuses the user or password: correct DATABASE_URL\.$/);
	});
});
