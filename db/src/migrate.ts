import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";

const migrationsFolder = fileURLToPath(new URL("../migrations", import.meta.url));
const lockKey = 5_170_318;

/** Brings the database up to this build's schema. Safe to run from several processes at once; Drizzle itself takes no lock. */
export const migrateDatabase = async (url: string): Promise<void> => {
	const client = new pg.Client({ connectionString: url, application_name: "agentplanner-migrate", connectionTimeoutMillis: 5_000 });
	await client.connect();
	try {
		await client.query("select pg_advisory_lock($1)", [lockKey]);
		await client.query("set client_min_messages = warning");
		await migrate(drizzle(client), { migrationsFolder });
	} finally {
		await client.end();
	}
};

type Journal = { entries: { when: number; tag: string }[] };

/** Names of the migrations that this build has and the database has not; empty means up to date. */
export const pendingMigrations = async (pool: pg.Pool): Promise<string[]> => {
	const { entries } = JSON.parse(readFileSync(`${migrationsFolder}/meta/_journal.json`, "utf8")) as Journal;
	const exists = await pool.query<{ found: boolean }>("select to_regclass('drizzle.__drizzle_migrations') is not null as found");
	if (!exists.rows[0]?.found) return entries.map((entry) => entry.tag);
	const { rows } = await pool.query<{ last: string | null }>("select max(created_at) as last from drizzle.__drizzle_migrations");
	const last = Number(rows[0]?.last ?? 0);
	return entries.filter((entry) => entry.when > last).map((entry) => entry.tag);
};
