import { randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { type Database, openDatabase } from "./client.ts";
import { migrateDatabase } from "./migrate.ts";
import { findMisfits } from "./testing-events.ts";

declare module "vitest" {
	interface ProvidedContext {
		/** Server-wide connection string of the test run's PostgreSQL; ends without a database name. */
		postgresUrl: string;
	}
}

const templateName = "agentplanner_template";

const onServer = async (serverUrl: string, work: (client: pg.Client) => Promise<void>) => {
	const client = new pg.Client({ connectionString: `${serverUrl}/postgres` });
	await client.connect();
	try {
		await work(client);
	} finally {
		await client.end();
	}
};

/** Makes the migrated database that every test file clones; called once per test run. */
export const createTemplateDatabase = async (serverUrl: string): Promise<void> => {
	await onServer(serverUrl, async (client) => {
		await client.query(`create database ${templateName}`);
	});
	await migrateDatabase(`${serverUrl}/${templateName}`);
};

export type TestDatabase = {
	url: string;
	db: Database;
	/**
	 * Closes `db` and drops the database; fails if somebody still holds a connection, since that is a leak, and if an event was emitted that
	 * isn't what `eventCatalogue` says.
	 */
	drop(): Promise<void>;
};

/** A fresh, migrated database of this test file's own. */
export const createTestDatabase = async (): Promise<TestDatabase> => {
	const serverUrl = inject("postgresUrl");
	const name = `test_${randomBytes(6).toString("hex")}`;
	await onServer(serverUrl, async (client) => {
		await client.query(`create database ${name} template ${templateName} strategy wal_log`);
	});
	const url = `${serverUrl}/${name}`;
	const db = openDatabase({ url, name: "test", onError: () => {} });
	return {
		url,
		db,
		drop: async () => {
			const misfits = await findMisfits(db);
			await db.close();
			if (misfits.length > 0) throw new Error(`Events that the catalogue doesn't know so:\n${misfits.join("\n")}`);
			await onServer(serverUrl, async (client) => {
				// Connections end a moment after their pool says so.
				for (let tries = 0; ; tries += 1) {
					const { rows } = await client.query<{ name: string; query: string }>(
						"select application_name as name, query from pg_stat_activity where datname = $1",
						[name],
					);
					if (rows.length === 0) break;
					if (tries === 40) throw new Error(`Connections leaked: ${rows.map((row) => `${row.name}: ${row.query}`).join("; ")}`);
					await new Promise((resolve) => setTimeout(resolve, 50));
				}
				await client.query(`drop database ${name}`);
			});
		},
	};
};
