import type { Database } from "@agentplanner/db";
import type { WorkerUtils } from "graphile-worker";
import { lockClass } from "./pool-lock.ts";

/** Pools that have locked jobs and hold no lock. */
const findSilentPools = async (db: Database): Promise<string[]> => {
	const { rows } = await db.pool.query<{ pool: string }>(
		`select distinct jobs.locked_by as pool from graphile_worker.jobs as jobs
		where jobs.locked_by is not null and not exists (
			select from pg_locks where locktype = 'advisory' and granted and classid = $1 and objsubid = 2
				and database = (select oid from pg_database where datname = current_database())
				and objid = hashtext(jobs.locked_by)::bigint::bit(32)::bigint::oid
		)`,
		[lockClass],
	);
	return rows.map((row) => row.pool);
};

/**
 * Frees the jobs of workers that died; to be called each second. A pool counts as dead when two sweeps in a row find it
 * silent, so that one that starts or reconnects isn't robbed. Answers with the pools whose jobs it freed.
 */
export const createDeadPoolSweep = (db: Database, utils: Pick<WorkerUtils, "forceUnlockWorkers">) => {
	let suspects = new Set<string>();
	return async (): Promise<string[]> => {
		const silent = await findSilentPools(db);
		const dead = silent.filter((pool) => suspects.has(pool));
		suspects = new Set(silent.filter((pool) => !dead.includes(pool)));
		if (dead.length > 0) await utils.forceUnlockWorkers(dead);
		return dead;
	};
};
