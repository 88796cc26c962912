import { planNodeDependencies, sql } from "@agentplanner/db";
import { endClaimsOfDeleted } from "../claims/end-claim.ts";
import { putBack } from "../claims/put-back.ts";
import type { ProjectContext, Tx } from "../context.ts";
import { lockHeldUp, watchWaiting } from "../dependencies/watch-waiting.ts";
import { changeStatus } from "./change-status.ts";
import { lockNodes } from "./lock-nodes.ts";
import { listBelow, removeSubtrees } from "./subtree.ts";

/** Deletes nodes of a locked plan with all below them: whoever works on them stops, and nothing waits for them any more. */
export const removeWithAllOfIt = async (tx: Tx<ProjectContext>, planId: string, rootIds: string[], deletionId: string): Promise<void> => {
	const ids = await listBelow(tx, planId, rootIds);
	const unblock = await watchWaiting(tx, await listWatched(tx, rootIds, ids), changeStatus);
	const nodes = new Map((await lockNodes(tx, ids)).map((node) => [node.id, node]));
	for (const claim of await endClaimsOfDeleted(tx, ids)) {
		const node = nodes.get(claim.nodeId);
		if (node) await putBack(tx, node, claim);
	}
	await removeSubtrees(tx, planId, rootIds, deletionId);
	await unblock();
};

/** Before nodes are locked that are to be deleted with all below them. */
export const lockWhatTheyHoldUp = async (tx: Tx<ProjectContext>, planId: string, rootIds: string[]): Promise<void> => {
	await lockHeldUp(tx, await listWatched(tx, rootIds, await listBelow(tx, planId, rootIds)));
};

/** Watching looks further up by itself, so of what is below the roots only what others wait for counts. */
const listWatched = async (tx: Tx<ProjectContext>, rootIds: string[], ids: string[]): Promise<string[]> => [
	...rootIds,
	...(await listUpstream(tx, ids)),
];

const listUpstream = async (tx: Tx<ProjectContext>, nodeIds: string[]): Promise<string[]> => {
	const rows = await tx.db
		.selectDistinct({ id: planNodeDependencies.upstreamId })
		.from(planNodeDependencies)
		.where(sql`project_id = ${tx.projectId} and kind = 'blocks' and upstream_id = any(${sql.param(nodeIds)}::uuid[])`);
	return rows.map(({ id }) => id);
};
