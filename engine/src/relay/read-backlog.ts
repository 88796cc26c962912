import { type Database, sql } from "@agentplanner/db";

export type Backlog = {
	/** Events the engine has not been told yet, parked ones not counted. */
	outboxDepth: number;
	/** Age of the oldest of them. */
	lagMs: number;
	/** How long the most overdue timer has been due. */
	overdueMs: number;
	/** Events given up on, until a person looks. */
	parked: number;
};

/** What waits for the relay, of all types: also what only a newer worker can take. */
export const readBacklog = async (db: Database): Promise<Backlog> => {
	const { rows } = await db.orm.execute<{ depth: string; lag: string | null; parked: string; overdue: string | null }>(sql`
		select count(*) filter (where parked_at is null) as depth,
			extract(epoch from now() - min(created_at) filter (where parked_at is null)) * 1000 as lag,
			count(*) filter (where parked_at is not null) as parked,
			(select extract(epoch from now() - min(due_at)) * 1000 from timers) as overdue
		from outbox`);
	const [row] = rows;
	const ms = (value: string | null | undefined) => Math.max(0, Math.round(Number(value ?? 0)));
	return { outboxDepth: Number(row?.depth ?? 0), lagMs: ms(row?.lag), overdueMs: ms(row?.overdue), parked: Number(row?.parked ?? 0) };
};
