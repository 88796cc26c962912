import type { Database } from "@agentplanner/db";
import type { RunLog } from "../workflow.ts";

/**
 * Who is alive: each worker pool holds the advisory lock (lockClass, hashtext(pool id)) on a connection of its own as long as
 * its process lives; Postgres drops it the moment the process dies. `unlockDeadPools` frees jobs whose pool holds no lock.
 * A lock lost with its connection is taken again at once; jobs freed in between run twice, which their claims make harmless.
 */
export const lockClass = 7;

const retryMs = 200;

export type PoolLock = { release(): Promise<void> };

export const holdPoolLock = (db: Database, poolId: string, log: RunLog): PoolLock => {
	let released = false;
	let letGo: (() => void) | null = null;
	let timer: NodeJS.Timeout | null = null;

	const take = async (): Promise<void> => {
		try {
			const client = await db.pool.connect();
			let gone = false;
			const drop = () => {
				if (gone) return;
				gone = true;
				letGo = null;
				client.release(true);
			};
			letGo = drop;
			client.once("end", () => {
				if (gone) return;
				drop();
				again();
			});
			// A machine that vanishes without a word is noticed within 8 s, not after two hours.
			await client.query("set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 1; set tcp_keepalives_count = 3");
			await client.query("select pg_advisory_lock($1, hashtext($2))", [lockClass, poolId]);
			if (released) drop();
		} catch (error) {
			if (!released) log.warn({ err: error, poolId }, "could not take the lock that shows this worker is alive");
			letGo?.();
			again();
		}
	};
	let taking = take();
	const again = () => {
		if (released || timer) return;
		timer = setTimeout(() => {
			timer = null;
			taking = take();
		}, retryMs);
	};

	return {
		release: async () => {
			released = true;
			if (timer) clearTimeout(timer);
			await taking;
			letGo?.();
		},
	};
};
