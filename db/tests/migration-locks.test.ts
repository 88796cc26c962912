import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MigrationBlockedError, migrateDatabase } from "../src/index.ts";
import { createTestDatabase, type TestDatabase } from "../src/testing.ts";

let database: TestDatabase;
let worker: pg.Client;
let folder: string;

/** Migrations newer than all of this build, one per statement. */
const writeMigrations = (statements: string[]) => {
	mkdirSync(join(folder, "meta"));
	const entries = statements.map((_, idx) => ({ idx, version: "7", when: 4_000_000_000_000 + idx, tag: `next_${idx}`, breakpoints: true }));
	writeFileSync(join(folder, "meta", "_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries }));
	for (const [idx, statement] of statements.entries()) writeFileSync(join(folder, `next_${idx}.sql`), statement);
};

const newColumns = async () =>
	(
		await database.db.pool.query<{ name: string }>("select table_name as name from information_schema.columns where column_name = 'added'")
	).rows
		.map(({ name }) => name)
		.sort();

beforeEach(async () => {
	database = await createTestDatabase();
	folder = mkdtempSync(join(tmpdir(), "migrations-"));
	writeMigrations(["alter table projects add column added integer", "alter table message_deliveries add column added integer"]);
	worker = new pg.Client({ connectionString: database.url, application_name: "old-worker" });
	await worker.connect();
	await worker.query("begin; lock table message_deliveries in row share mode");
});
afterEach(async () => {
	await worker.end();
	rmSync(folder, { recursive: true });
	await database.drop();
});

test("a migration whose table somebody has locked lets go of the others, and ends well later", async () => {
	const said: string[] = [];
	const migrated = migrateDatabase(database.url, { folder, lockTimeoutMs: 200, onBlocked: (message) => said.push(message) });
	await vi.waitFor(() => expect(said).not.toEqual([]), { timeout: 5_000 });
	expect(said[0]).toMatch(/^the migration waits for .*: old-worker \(pid \d+, for \d+ s, on message_deliveries\)$/);
	// Would time out if the blocked migration had kept what it locked before.
	await worker.query("set local lock_timeout = 3000; select count(*) from projects");
	await worker.query("commit");
	await migrated;
	expect(await newColumns()).toEqual(["message_deliveries", "projects"]);
});

test("a migration that loses a deadlock is tried again", async () => {
	const said: string[] = [];
	// The worker never notices it, so it is the migration that Postgres ends.
	await worker.query("set local deadlock_timeout = '1min'");
	const migrated = migrateDatabase(database.url, { folder, lockTimeoutMs: 30_000, onBlocked: (message) => said.push(message) });
	await vi.waitFor(
		async () => {
			const waiting = await database.db.pool.query("select from pg_locks where relation = 'message_deliveries'::regclass and not granted");
			expect(waiting.rowCount).toBe(1);
		},
		{ timeout: 5_000, interval: 20 },
	);
	await worker.query("select count(*) from projects");
	await worker.query("commit");
	await migrated;
	expect(said).toHaveLength(1);
	expect(await newColumns()).toEqual(["message_deliveries", "projects"]);
});

test("a migration that stays blocked gives up, says who is in the way and changes nothing", async () => {
	const error = await migrateDatabase(database.url, { folder, lockTimeoutMs: 100, patienceMs: 50 }).catch((error: unknown) => error);
	expect(error).toBeInstanceOf(MigrationBlockedError);
	expect(String(error)).toMatch(/old-worker \(pid \d+, .*message_deliveries\).*docker compose stop worker/);
	expect(await newColumns()).toEqual([]);
});

test("a migration that is wrong fails at once", async () => {
	await worker.query("commit");
	rmSync(join(folder, "meta"), { recursive: true });
	writeMigrations(["alter table projects add column name text"]);
	const said = vi.fn();
	await expect(migrateDatabase(database.url, { folder, onBlocked: said })).rejects.not.toBeInstanceOf(MigrationBlockedError);
	expect(said).not.toHaveBeenCalled();
});
