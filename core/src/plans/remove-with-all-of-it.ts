import { endClaimsOfDeleted } from "../claims/end-claim.ts";
import { putBack } from "../claims/put-back.ts";
import type { ProjectContext, Tx } from "../context.ts";
import { watchWaiting } from "../dependencies/watch-waiting.ts";
import { changeStatus } from "./change-status.ts";
import { lockNodes } from "./lock-nodes.ts";
import { listBelow, removeSubtrees } from "./subtree.ts";

/** Deletes nodes of a locked plan with all below them: whoever works on them stops, and nothing waits for them any more. */
export const removeWithAllOfIt = async (tx: Tx<ProjectContext>, planId: string, rootIds: string[], deletionId: string): Promise<void> => {
	const ids = await listBelow(tx, planId, rootIds);
	const unblock = await watchWaiting(tx, ids, changeStatus);
	const nodes = new Map((await lockNodes(tx, ids)).map((node) => [node.id, node]));
	for (const claim of await endClaimsOfDeleted(tx, ids)) {
		const node = nodes.get(claim.nodeId);
		if (node) await putBack(tx, node, claim);
	}
	await removeSubtrees(tx, planId, rootIds, deletionId);
	await unblock();
};
