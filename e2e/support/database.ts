import pg from "pg";

export type Rows = <Row extends pg.QueryResultRow>(sql: string, values?: unknown[]) => Promise<Row[]>;

/** One query on a connection of its own, so that a database that comes and goes leaves nothing behind. */
export const queryAt =
	(url: string): Rows =>
	async (sql, values = []) => {
		const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000, application_name: "e2e" });
		client.on("error", () => {});
		await client.connect();
		try {
			return (await client.query(sql, values)).rows;
		} finally {
			await client.end();
		}
	};

export type OpenTransaction = AsyncDisposable & { query: Rows; commit(): Promise<void> };

/** A transaction that stays open until it is committed, or rolled back when it is disposed of. */
export const openTransaction = async (url: string): Promise<OpenTransaction> => {
	const client = new pg.Client({ connectionString: url, application_name: "e2e" });
	client.on("error", () => {});
	await client.connect();
	await client.query("begin");
	return {
		query: async (sql, values = []) => (await client.query(sql, values)).rows,
		commit: async () => void (await client.query("commit")),
		[Symbol.asyncDispose]: () => client.end(),
	};
};

/** Rows that wait for something and have no timer that would raise them: always none, whatever happens. */
export const withoutTimer = (query: Rows): Promise<{ what: string; id: string; status: string }[]> =>
	query(`
		select 'request' as what, id, status from agent_requests r
			where status in ('queued', 'dispatched', 'working', 'input_required') and not exists (select from timers where subject_id = r.id)
		union all
		select 'delivery', id, status from message_deliveries d
			where status in ('queued', 'sending', 'retrying', 'unknown') and not exists (select from timers where subject_id = d.id)
		union all
		select 'response', id, outcome from agent_responses a
			where applied_at is null and not exists (select from timers where subject_id = a.id)`);
