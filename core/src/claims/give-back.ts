import type { Claim, ClaimEnd } from "@agentplanner/contracts";
import type { ProjectContext, Tx } from "../context.ts";
import { lockNodes } from "../plans/lock-nodes.ts";
import { endClaim } from "./end-claim.ts";
import { isLiveClaim } from "./live-claims.ts";
import { putBack } from "./put-back.ts";
import { claimIsOver, type KnownClaim, loadClaim, presentClaim } from "./read-claims.ts";

/** Ends a claim that is held before the work is done, and frees its node. Throws ConflictError once it is over. */
export const giveBack = async (tx: Tx<ProjectContext>, known: KnownClaim, as: Extract<ClaimEnd, "released" | "broken">): Promise<Claim> => {
	const [node] = await lockNodes(tx, [known.row.nodeId]);
	const row = await endClaim(tx, known.row.id, as, isLiveClaim);
	if (!row) throw claimIsOver(await loadClaim(tx, known.row.id));
	if (node) await putBack(tx, node, row);
	return presentClaim({ ...known, row });
};
