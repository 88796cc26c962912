import { type Database, sql, type Transaction } from "@agentplanner/db";

/**
 * For tests: runs `attempt` while `rival` has written but not committed, and commits as soon as the attempt waits for it. So the
 * attempt has read the old row and loses the race for certain.
 */
export const raceAgainst = async <T>(db: Database, rival: (tx: Transaction) => Promise<unknown>, attempt: () => Promise<T>): Promise<T> => {
	const { outcome } = await db.orm.transaction(async (tx) => {
		await rival(tx);
		const outcome = attempt();
		outcome.catch(() => {});
		await untilBlocked(db);
		return { outcome };
	});
	return outcome;
};

/** Waits until somebody waits for a lock. */
export const untilBlocked = async (db: Database) => {
	for (let tries = 0; tries < 200; tries += 1) {
		const { rows } = await db.orm.execute(
			sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
		);
		if (rows.length > 0) return;
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
	throw new Error("The attempt never waited for its rival.");
};
