import type { SQL } from "drizzle-orm";
import { drizzle, type NodePgDatabase, NodePgSession, NodePgTransaction } from "drizzle-orm/node-postgres";
import { PgDialect } from "drizzle-orm/pg-core";
import pg from "pg";
import { FrugalClient } from "./frugal-client.ts";
import { type Channel, createNotifier, type Notifier } from "./notifier.ts";
import { isDatabaseUnavailable, isStaleStatement } from "./postgres-errors.ts";
import { WithCommit } from "./with-commit.ts";

export type Transaction = Parameters<Parameters<NodePgDatabase["transaction"]>[0]>[0];

export type Orm = Omit<NodePgDatabase, "transaction"> & {
	/** Commits when `work` is done, or rolls back. `last` is asked then what is to go along with the COMMIT. */
	transaction<T>(work: (tx: Transaction) => Promise<T | WithCommit<T>>, last?: () => Last, durability?: Durability): Promise<T>;
};

/** `mayForget`: the COMMIT doesn't wait for the disk; whatever commits later and does wait takes it along. */
export type Durability = { mayForget?: boolean };

/** One more statement of the transaction, and whom to wake once it has committed. */
export type Last = { statement: SQL | null; wakes: Iterable<Channel> };

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
} & Durability;

const casing = "snake_case";

/**
 * Unlike Drizzle's own, which keeps the pool's client for ever when BEGIN fails, as it does when the server has just gone away, and
 * which waits for BEGIN alone and for COMMIT alone.
 */
const transactionOn =
	(pool: pg.Pool, notifier: Notifier): Orm["transaction"] =>
	async (work, last = () => ({ statement: null, wakes: [] }), { mayForget = false } = {}) => {
		const client = await pool.connect();
		let unfit: boolean = false;
		const begun = client.query(mayForget ? "begin; set local synchronous_commit = off" : "begin");
		try {
			// What follows fails with it.
			begun.catch(() => {});
			const result = await work(transactionAt(client));
			const { statement, wakes } = last();
			const channels = [...wakes];
			// After a statement that failed COMMIT rolls back, and the error of that statement is what is thrown.
			const sent = [begun, ...(statement === null ? [] : [client.query(written(statement))]), client.query("commit")];
			// Nobody waits for a hint; whoever gets the client next is behind it.
			const told = notifier.notifyBehind(client, channels);
			const committed = Promise.all(sent);
			committed.catch(() => {});
			const answer = result instanceof WithCommit ? await result.promise : result;
			await committed;
			if (!told) for (const channel of channels) notifier.notify(channel);
			return answer;
		} catch (error) {
			const lost = isDatabaseUnavailable(error);
			unfit = lost || isStaleStatement(error);
			if (!lost) await client.query("rollback");
			throw error;
		} finally {
			client.release(unfit);
		}
	};

const transactions = new WeakMap<pg.PoolClient, Transaction>();

/** The same for all transactions of a connection, so that what is prepared on it is found again. */
const transactionAt = (client: pg.PoolClient): Transaction => {
	const known = transactions.get(client);
	if (known) return known;
	const session = new NodePgSession<Record<string, never>, Record<string, never>>(client, dialect, undefined);
	const tx: Transaction = new NodePgTransaction(dialect, session, undefined);
	transactions.set(client, tx);
	return tx;
};

const written = (statement: SQL) => {
	const { sql: text, params } = dialect.sqlToQuery(statement);
	return { text, values: params };
};

const dialect = new PgDialect({ casing });

/** Opens a pool; connects on first use, so a database that is away shows in the first query. */
export const openDatabase = ({ url, poolSize = 10, name, mayForget = false, onError }: DatabaseOptions): Database => {
	const pool = new pg.Pool({
		Client: FrugalClient,
		pipeline: true,
		connectionString: url,
		max: poolSize,
		application_name: name,
		...(mayForget ? { options: "-c synchronous_commit=off" } : {}),
		connectionTimeoutMillis: 5_000,
		// A new connection costs more than a hundred queries: sign-in, caches, plans. What a burst opened, the next one finds.
		idleTimeoutMillis: 300_000,
		idle_in_transaction_session_timeout: 60_000,
	});
	// A connection that dies while idle or between queries must not end the process.
	pool.on("error", onError);
	pool.on("connect", (client) => client.on("error", onError));
	const notifier = createNotifier(pool, onError);
	return {
		orm: Object.assign(drizzle(pool, { casing }), { transaction: transactionOn(pool, notifier) }),
		pool,
		notifier,
		close: async () => {
			await notifier.flush();
			await pool.end();
		},
	};
};
