import { planNodeDependencies, sql } from "@agentplanner/db";
import { endClaimsOfDeleted } from "../claims/end-claim.ts";
import type { ProjectContext, Tx } from "../context.ts";
import { watchWaiting } from "../dependencies/watch-waiting.ts";
import { changeStatus } from "./change-status.ts";
import { listBelow, removeSubtrees } from "./subtree.ts";

/** Deletes nodes of a locked plan with all below them: whoever works on them stops, and nothing waits for them any more. */
export const removeWithAllOfIt = async (tx: Tx<ProjectContext>, planId: string, rootIds: string[], deletionId: string): Promise<void> => {
	const ids = await listBelow(tx, planId, rootIds);
	// Watching looks further up by itself, so of what is below them only what others wait for counts.
	const unblock = await watchWaiting(tx, [...rootIds, ...(await listUpstream(tx, ids))], changeStatus);
	await endClaimsOfDeleted(tx, ids);
	await removeSubtrees(tx, planId, rootIds, deletionId);
	await unblock();
};

const listUpstream = async (tx: Tx<ProjectContext>, nodeIds: string[]): Promise<string[]> => {
	const rows = await tx.db
		.selectDistinct({ id: planNodeDependencies.upstreamId })
		.from(planNodeDependencies)
		.where(sql`project_id = ${tx.projectId} and kind = 'blocks' and upstream_id = any(${sql.param(nodeIds)}::uuid[])`);
	return rows.map(({ id }) => id);
};
