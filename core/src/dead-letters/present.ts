import { type ReplayJob, type SkipReason, skipReasons } from "@agentplanner/contracts";
import type { replayJobs } from "@agentplanner/db";

/** Counts by reason, the most frequent first, in words. */
export const presentSkipped = (counts: Partial<Record<SkipReason, number>>): ReplayJob["skipped"] =>
	(Object.entries(counts) as [SkipReason, number][])
		.filter(([, count]) => count > 0)
		.toSorted(([, one], [, other]) => other - one)
		.map(([reason, count]) => ({ reason, message: skipReasons[reason], count }));

export const presentReplay = (row: typeof replayJobs.$inferSelect): ReplayJob => ({
	id: row.id,
	project_id: row.projectId,
	filter: row.filter,
	state: row.state,
	total: row.total,
	done: row.done,
	skipped: presentSkipped(row.skipped),
	rate_per_second: row.ratePerSecond,
	created_by: row.createdBy,
	created_at: row.createdAt.toISOString(),
	finished_at: row.finishedAt?.toISOString() ?? null,
});
