import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { describeLockHolders } from "./lock-holders.ts";
import { postgresError } from "./postgres-errors.ts";

const migrationsFolder = fileURLToPath(new URL("../migrations", import.meta.url));
const lockKey = 5_170_318;
/** Between two tries, for those who waited behind the one that failed. */
const pauseMs = 1_000;

type MigrationOptions = {
	/** Told, in one sentence, each time other sessions stand in the way and it will be tried again. */
	onBlocked?: (message: string) => void;
	/** How long a statement waits for a table; everybody else who wants that table waits behind it. */
	lockTimeoutMs?: number;
	/** How long a migration that others block is tried again. */
	patienceMs?: number;
	folder?: string;
};

/** Other sessions kept the tables locked until the patience was at its end; the message names them and says what to do. */
export class MigrationBlockedError extends Error {
	override name = "MigrationBlockedError";
}

/** 55P03: the lock timeout; 40P01: of a deadlock, Postgres ended this side. */
const isBlocked = (error: unknown) => ["55P03", "40P01"].includes(postgresError(error)?.code ?? "");

/**
 * Brings the database up to this build's schema. Safe to run from several processes at once; Drizzle itself takes no lock. A worker of
 * the build before may still be at work on the tables: its transactions are waited for, and what they block is rolled back and tried
 * again. Throws MigrationBlockedError if that doesn't help, or the database's own error.
 */
export const migrateDatabase = async (
	url: string,
	{ onBlocked = () => {}, lockTimeoutMs = 5_000, patienceMs = 60_000, folder = migrationsFolder }: MigrationOptions = {},
): Promise<void> => {
	const client = new pg.Client({ connectionString: url, application_name: "agentplanner-migrate", connectionTimeoutMillis: 5_000 });
	// A connection that is lost between two tries must not end the process; the next query fails with it.
	client.on("error", () => {});
	await client.connect();
	try {
		await client.query("select pg_advisory_lock($1)", [lockKey]);
		await client.query("set client_min_messages = warning");
		await client.query("select set_config('lock_timeout', $1, false)", [String(lockTimeoutMs)]);
		const giveUpAt = Date.now() + patienceMs;
		for (;;) {
			try {
				return await migrate(drizzle(client), { migrationsFolder: folder });
			} catch (error) {
				if (!isBlocked(error)) throw error;
				const holders = (await describeLockHolders(client)) ?? "sessions that have let go meanwhile";
				if (Date.now() >= giveUpAt)
					throw new MigrationBlockedError(
						`Other sessions kept its tables locked for ${Math.round(patienceMs / 1_000)} s: ${holders}. Nothing was changed. Stop the worker (docker compose stop worker) and whatever else is named here, then start again.`,
					);
				onBlocked(`the migration waits for tables that others have locked and is tried again: ${holders}`);
				await sleep(pauseMs);
			}
		}
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
