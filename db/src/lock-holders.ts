import type pg from "pg";

type Holder = { name: string; pid: number; seconds: number | null; tables: string[] };

const asText = ({ name, pid, seconds, tables }: Holder) =>
	`${name} (pid ${pid}${seconds === null ? "" : `, for ${seconds} s`}, on ${tables.join(", ")})`;

/** The other sessions with locks on tables of this database, those of the oldest transactions first; null if there are none. */
export const describeLockHolders = async (client: pg.Client): Promise<string | null> => {
	const { rows } = await client.query<Holder>(`
		select coalesce(nullif(a.application_name, ''), a.backend_type) as name, a.pid,
			extract(epoch from clock_timestamp() - a.xact_start)::integer as seconds, array_agg(distinct c.relname::text) as tables
		from pg_locks l
		join pg_stat_activity a on a.pid = l.pid
		join pg_class c on c.oid = l.relation and c.relkind = 'r' and c.relnamespace <> 'pg_catalog'::regnamespace
		where l.granted and l.pid <> pg_backend_pid() and l.database = (select oid from pg_database where datname = current_database())
		group by 1, 2, a.xact_start
		order by a.xact_start
		limit 5`);
	return rows.length === 0 ? null : rows.map(asText).join("; ");
};
