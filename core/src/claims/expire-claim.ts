import { and, eq, nodeClaims, sql } from "@agentplanner/db";
import { inTransaction, type ProjectContext } from "../context.ts";
import { lockNodes } from "../plans/lock-nodes.ts";
import { deleteTimers } from "../timers.ts";
import { endClaim } from "./end-claim.ts";
import { putBack } from "./put-back.ts";

/** Cleans up after a claim whose lease has run out: says so, and frees the node. Does nothing to one that was renewed or has ended. */
export const expireClaim = (ctx: ProjectContext, claimId: string): Promise<void> =>
	inTransaction(ctx, async (tx) => {
		const [known] = await tx.db
			.select({ nodeId: nodeClaims.nodeId })
			.from(nodeClaims)
			.where(and(eq(nodeClaims.projectId, tx.projectId), eq(nodeClaims.id, claimId)));
		// Gone with its node.
		if (!known) return deleteTimers(tx, claimId, "node.claim.lease.due");
		const [node] = await lockNodes(tx, [known.nodeId]);
		const ended = await endClaim(tx, claimId, "expired", sql`lease_until <= now()`);
		if (ended && node) await putBack(tx, node, ended);
	});
