import type { Claim, ClaimNodeInput } from "@agentplanner/contracts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import { authorizeNode } from "../plans/authorize-plan.ts";
import { lockNodes } from "../plans/lock-nodes.ts";
import { takeClaim } from "./take-claim.ts";

/*
 * One claim, from here or claim-next.ts to its end:
 *
 *            ┌─ release ─► released     (by its holder; also when the node is set back to not_started)
 *   held ────┼─ expire ──► expired      (its lease ran out; from that moment on it is nobody's, its timer only cleans up)
 *   │    ▲   ├─ break ───► broken       (by a person)
 *   renew┘   └─ finish ──► finished     (the node was completed or cancelled)
 *
 * At most one claim of a node is open (a unique index), and whoever takes or ends one holds the node's lock. Each has a fence, one more
 * than the node's last one; what an agent writes about the node names it (assert-fence.ts), so nothing is written under a claim that
 * is over. Whichever way it ends before the work is done, the node goes back to the status that it had (put-back.ts).
 */

/**
 * Claims a node for the caller and starts it. Throws NotFoundError, ForbiddenError below editor, and ConflictError saying who holds it
 * until when, or that there is nothing left to do.
 */
export const claimNode = async (ctx: ProjectContext, nodeId: string, { lease_seconds }: ClaimNodeInput): Promise<Claim> => {
	return inTransaction(ctx, async (tx) => {
		await authorizeNode(tx, "plans:work", nodeId);
		const [node] = await lockNodes(tx, [nodeId]);
		if (!node) throw new NotFoundError("node");
		return takeClaim(tx, node, lease_seconds);
	});
};
