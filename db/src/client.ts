import { drizzle, type NodePgDatabase, NodePgSession } from "drizzle-orm/node-postgres";
import { PgDialect } from "drizzle-orm/pg-core";
import pg from "pg";
import { NamingClient } from "./named-statements.ts";
import { createNotifier, type Notifier } from "./notifier.ts";
import { isDatabaseUnavailable } from "./postgres-errors.ts";

export type Orm = NodePgDatabase;
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

const casing = "snake_case";

/** Drizzle's own transaction keeps the pool's client for ever when BEGIN fails, as it does when the server has just gone away. */
const transactionOn =
	(pool: pg.Pool): Orm["transaction"] =>
	async (work, config) => {
		const client = await pool.connect();
		let lost: boolean = false;
		try {
			return await new NodePgSession<Record<string, never>, Record<string, never>>(client, dialect, undefined).transaction(work, config);
		} catch (error) {
			lost = isDatabaseUnavailable(error);
			throw error;
		} finally {
			client.release(lost);
		}
	};

const dialect = new PgDialect({ casing });

/** Opens a pool; connects on first use, so a database that is away shows in the first query. */
export const openDatabase = ({ url, poolSize = 10, name, onError }: DatabaseOptions): Database => {
	const pool = new pg.Pool({
		Client: NamingClient,
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
		orm: Object.assign(drizzle(pool, { casing }), { transaction: transactionOn(pool) }),
		pool,
		notifier,
		close: async () => {
			await notifier.flush();
			await pool.end();
		},
	};
};
