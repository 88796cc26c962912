import { endClaimsOfDeleted } from "../claims/end-claim.ts";
import type { ProjectContext, Tx } from "../context.ts";
import { watchWaiting } from "../dependencies/watch-waiting.ts";
import { changeStatus } from "./change-status.ts";
import { listBelow, removeSubtrees } from "./subtree.ts";

/** Deletes nodes of a locked plan with all below them: whoever works on them stops, and nothing waits for them any more. */
export const removeWithAllOfIt = async (tx: Tx<ProjectContext>, planId: string, rootIds: string[], deletionId: string): Promise<void> => {
	const ids = await listBelow(tx, planId, rootIds);
	const unblock = await watchWaiting(tx, ids, changeStatus);
	await endClaimsOfDeleted(tx, ids);
	await removeSubtrees(tx, planId, rootIds, deletionId);
	await unblock();
};
