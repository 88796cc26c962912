import { type Database, isDatabaseUnavailable } from "@agentplanner/db";
import type { WorkerUtils } from "graphile-worker";
import type { RunLog } from "../workflow.ts";
import { forgetOldStepResults } from "./step-results.ts";
import { createDeadPoolSweep } from "./unlock-dead-pools.ts";

const sweepMs = 1_000;
const cleanUpMs = 3_600_000;

/** Jobs that gave up stay a week for whoever looks; what matters of them is in our own rows. */
const removeOldDeadJobs = async (db: Database, utils: WorkerUtils) => {
	const { rows } = await db.pool.query<{ id: string }>(
		`select id from graphile_worker.jobs
		where attempts >= max_attempts and locked_by is null and updated_at < now() - interval '7 days' limit 1000`,
	);
	if (rows.length > 0) await utils.completeJobs(rows.map((row) => row.id));
};

/** Frees the jobs of dead workers each second and removes old leftovers each hour, until stopped. */
export const startMaintenance = (db: Database, utils: WorkerUtils, log: RunLog) => {
	const sweep = createDeadPoolSweep(db, utils);
	let stopped = false;
	let timer: NodeJS.Timeout | null = null;
	let lastCleanUp = Number.NEGATIVE_INFINITY;
	const round = async () => {
		try {
			for (const pool of await sweep()) log.warn({ pool }, "freed the jobs of a worker that died");
			if (performance.now() - lastCleanUp > cleanUpMs) {
				await removeOldDeadJobs(db, utils);
				await forgetOldStepResults(db);
				lastCleanUp = performance.now();
			}
		} catch (error) {
			// An unreachable database shows in health and in every run; the sweep just goes on.
			if (!isDatabaseUnavailable(error)) log.error({ err: error }, "sweep for dead workers failed");
		}
		if (!stopped)
			timer = setTimeout(() => {
				running = round();
			}, sweepMs);
	};
	let running = round();
	return {
		stop: async () => {
			stopped = true;
			if (timer) clearTimeout(timer);
			await running;
		},
	};
};
