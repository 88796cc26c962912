import { readdirSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pendingMigrations } from "../src/index.ts";
import { createTestDatabase, type TestDatabase } from "../src/testing.ts";

const migrations = readdirSync(new URL("../migrations", import.meta.url)).filter((file) => file.endsWith(".sql")).length;

let database: TestDatabase;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());

test("a fresh database has every migration of this build", async () => {
	expect(await pendingMigrations(database.db.pool)).toEqual([]);
});

test("an unmigrated database lists every migration as pending", async () => {
	await database.db.pool.query("alter table drizzle.__drizzle_migrations rename to hidden");
	expect(await pendingMigrations(database.db.pool)).toHaveLength(migrations);
	await database.db.pool.query("alter table drizzle.hidden rename to __drizzle_migrations");
});
