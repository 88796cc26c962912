import { createServer } from "node:net";
import { cancelRequest, findViolations } from "@agentplanner/core";
import { createTestDatabase, type TestDatabase } from "@agentplanner/db/testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { freePort } from "../../scripts/start/ports.ts";
import { openWire } from "../../scripts/testing/breakable-wire.ts";
import { waitForSchema } from "../src/wait-for-schema.ts";
import { ask, pause, type Reply, settingsFor, silent, startReceiver, startTestWorker, until, untilDelivery } from "./harness.ts";
import { launch, launchWorker } from "./worker-process.ts";

// Processes take seconds to start where much else runs.
const slow = 60_000;

let database: TestDatabase;

beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

const onServer = (name: string) => Object.assign(new URL(database.url), { pathname: `/${name}` }).href;

describe("the worker refuses to start, with one sentence and code 1,", () => {
	test.concurrent(
		"naming every setting that is missing or wrong",
		async ({ onTestFinished }) => {
			const worker = launch({ ENCRYPTION_KEY: "short", LOG_LEVEL: "loud", WORKER_CONCURRENCY: "many" }, onTestFinished);
			expect(await worker.exited).toEqual({ code: 1, signal: null });
			for (const name of ["DATABASE_URL", "ENCRYPTION_KEY", "LOG_LEVEL", "WORKER_CONCURRENCY"])
				expect(worker.output()).toContain(`  - ${name}`);
			expect(worker.output()).not.toContain("    at ");
		},
		slow,
	);

	test.concurrent(
		"when the database can't be reached",
		async ({ onTestFinished }) => {
			const worker = launch(settingsFor(`postgres://nobody:secret-word@127.0.0.1:${await freePort()}/none`), onTestFinished);
			expect(await worker.exited).toEqual({ code: 1, signal: null });
			expect(worker.output()).toMatch(
				/^The database at 127\.0\.0\.1:\d+ can't be reached \(.*ECONNREFUSED.*\)\. Check that PostgreSQL runs .*DATABASE_URL.*\n$/,
			);
			expect(worker.output()).not.toContain("secret-word");
		},
		slow,
	);

	test.concurrent(
		"when PostgreSQL has no such database",
		async ({ onTestFinished }) => {
			const worker = launch(settingsFor(onServer("no_such_database")), onTestFinished);
			expect(await worker.exited).toEqual({ code: 1, signal: null });
			expect(worker.output()).toMatch(/^PostgreSQL at .* refuses the database no_such_database .*Correct DATABASE_URL.*\n$/);
		},
		slow,
	);

	test.concurrent(
		"when the health server's port is taken",
		async ({ onTestFinished }) => {
			const other = createServer().listen(0, "127.0.0.1");
			await until(() => other.listening);
			const { port } = other.address() as { port: number };
			const worker = launch({ ...settingsFor(database.url), WORKER_HEALTH_PORT: String(port) }, onTestFinished);
			expect(await worker.exited).toEqual({ code: 1, signal: null });
			other.close();
			expect(worker.output()).toBe(
				`The worker's health server can't listen on port ${port}: another program uses it. Set WORKER_HEALTH_PORT to a free port, or to 0 to do without it.\n`,
			);
		},
		slow,
	);

	test.concurrent(
		"when Hatchet can't be reached, or its token is none",
		async ({ onTestFinished }) => {
			const claims = { sub: "t", server_url: "http://127.0.0.1:1", grpc_broadcast_address: "127.0.0.1:1" };
			const token = ["{}", JSON.stringify(claims), "signature"].map((part) => Buffer.from(part).toString("base64url")).join(".");
			const hatchet = { ...settingsFor(database.url), ENGINE: "hatchet", HATCHET_CLIENT_TLS_STRATEGY: "none" };
			const away = launch(
				{ ...hatchet, HATCHET_CLIENT_TOKEN: token, HATCHET_CLIENT_HOST_PORT: `127.0.0.1:${await freePort()}` },
				onTestFinished,
			);
			const wrong = launch({ ...hatchet, HATCHET_CLIENT_TOKEN: "no token" }, onTestFinished);
			expect(await away.exited).toEqual({ code: 1, signal: null });
			expect(away.output()).toContain("Hatchet can't be reached");
			expect(away.output()).toContain("Check that Hatchet runs");
			expect(await wrong.exited).toEqual({ code: 1, signal: null });
			expect(wrong.output()).toContain("Set HATCHET_CLIENT_TOKEN");
		},
		slow,
	);
});

test(
	"a database without this build's migrations is waited for, and then named with what to do",
	async () => {
		const name = `behind_${Date.now()}`;
		await database.db.pool.query(`create database ${name}`);
		onTestFinished(async () => void (await database.db.pool.query(`drop database ${name}`)));
		await expect(waitForSchema(onServer(name), silent, { schemaMs: 600, databaseMs: 0 })).rejects.toMatchObject({
			name: "SchemaBehindError",
			message: expect.stringMatching(/lacks migrations of this build: \d{4}_.*Start the api.*npm run db:migrate/),
		});
	},
	slow,
);

test(
	"a signal while it still waits for the database ends it at once",
	async () => {
		const worker = launch({ ...settingsFor(`postgres://nobody@127.0.0.1:${await freePort()}/none`), LOG_LEVEL: "info" });
		await until(() => worker.output().includes("waiting for the api"));
		worker.kill("SIGTERM");
		expect(await worker.exited).toEqual({ code: 0, signal: null });
	},
	slow,
);

const withModule = (source: string) => ({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(source)}` });

test(
	"a rejection that a library forgets doesn't end a worker; what is thrown where nobody catches it does, in order and with code 1",
	async () => {
		const forgets = `process.once("SIGUSR2", () => Promise.reject(new Error("forgotten")));`;
		const throws = `process.on("SIGWINCH", () => { throw new Error("out of nowhere"); });`;
		const worker = await launchWorker(database.url, { ...withModule(forgets + throws), LOG_LEVEL: "info" });
		worker.kill("SIGUSR2");
		await until(() => worker.output().includes("nobody handled a rejection"));
		expect(worker.output()).toContain("forgotten");
		await pause(500);
		worker.kill("SIGWINCH");
		expect(await worker.exited).toEqual({ code: 1, signal: null });
		expect(worker.output()).toContain("the worker can't go on here");
		expect(worker.output()).toContain("worker stopped");
	},
	slow,
);

test(
	"a worker whose engine can't go on ends by itself with code 1, and the next one takes over",
	async () => {
		const own = await createTestDatabase();
		onTestFinished(own.drop);
		const wire = await openWire(own.url);
		onTestFinished(() => wire.close());
		const receiver = await startReceiver(async ({ body }, number): Promise<Reply> => {
			if (number === 2) await pause(1_000);
			return { status: body.type === "agent.request.closed" ? 204 : 202 };
		});
		const worker = await launchWorker(wire.url);
		const asked = await ask(own.db, receiver.url);
		await untilDelivery(asked, ({ status }) => status === "delivered");
		await cancelRequest(asked.ctx, asked.id);
		await until(() => receiver.hits.length === 2);
		// A run that can't write its end ends its runner; and the one that is to follow finds the job tables of a newer version.
		wire.cut();
		await own.db.pool.query("insert into graphile_worker.migrations (id, breaking) values (999, true)");
		await pause(2_000);
		wire.mend();
		expect(await worker.exited).toEqual({ code: 1, signal: null });
		expect(worker.output()).toContain("the worker can't go on here");
		await own.db.pool.query("delete from graphile_worker.migrations where id = 999");
		const next = await startTestWorker(own.url);
		onTestFinished(() => next.stop());
		const open = async () => (await own.db.pool.query("select 1 from timers where project_id = $1", [asked.ctx.projectId])).rowCount;
		await until(async () => (await open()) === 0);
		expect(new Set(receiver.hits.map(({ headers }) => headers["webhook-id"])).size).toBe(2);
		expect(await findViolations(asked.ctx)).toEqual([]);
	},
	slow,
);
