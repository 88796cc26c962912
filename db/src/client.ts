import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import pg from "pg";
import { createNotifier, type Notifier } from "./notifier.ts";
import * as schema from "./schema/index.ts";

export type Orm = NodePgDatabase<typeof schema>;
export type Transaction = Parameters<Parameters<Orm["transaction"]>[0]>[0];

export type Database = {
	orm: Orm;
	pool: pg.Pool;
	/** Wakes listeners; sent after the current commit, at most once per channel in 5 ms. */
	notifier: Notifier;
	close(): Promise<void>;
};

export type DatabaseOptions = {
	url: string;
	/** Most connections this process opens for queries. */
	poolSize?: number;
	/** Shown in pg_stat_activity. */
	name: string;
	onError: (error: Error) => void;
};

/** Opens a pool; connects on first use, so a database that is away shows in the first query. */
export const openDatabase = ({ url, poolSize = 10, name, onError }: DatabaseOptions): Database => {
	const pool = new pg.Pool({
		connectionString: url,
		max: poolSize,
		application_name: name,
		connectionTimeoutMillis: 5_000,
		idle_in_transaction_session_timeout: 60_000,
	});
	// A connection that dies while idle or between queries must not end the process.
	pool.on("error", onError);
	pool.on("connect", (client) => client.on("error", onError));
	const notifier = createNotifier(pool, onError);
	return {
		orm: drizzle(pool, { schema, casing: "snake_case" }),
		pool,
		notifier,
		close: async () => {
			await notifier.flush();
			await pool.end();
		},
	};
};
