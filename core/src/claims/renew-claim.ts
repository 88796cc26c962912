import type { Claim, RenewClaimInput } from "@agentplanner/contracts";
import { and, eq, nodeClaims, sql } from "@agentplanner/db";
import { inTransaction, type ProjectContext } from "../context.ts";
import { ForbiddenError } from "../errors.ts";
import { setTimers } from "../timers.ts";
import { isHolder } from "./holder.ts";
import { isLiveClaim } from "./live-claims.ts";
import { authorizeClaim, claimIsOver, loadClaim, presentClaim } from "./read-claims.ts";

/**
 * A new lease from now on, under the same fence. Throws NotFoundError, ForbiddenError for anybody but the holder, and ConflictError
 * once the claim is over, be it a moment ago.
 */
export const renewClaim = async (ctx: ProjectContext, claimId: string, input: RenewClaimInput): Promise<Claim> => {
	return inTransaction(ctx, async (tx) => {
		const known = await authorizeClaim(tx, "plans:work", claimId);
		if (!isHolder(tx.actor, known.row)) throw new ForbiddenError("Only who holds a claim can renew it.");
		const leaseSeconds = input.lease_seconds ?? known.row.leaseSeconds;
		const [row] = await tx.db
			.update(nodeClaims)
			.set({ leaseSeconds, leaseUntil: sql`now() + ${leaseSeconds} * interval '1 second'`, updatedAt: sql`now()` })
			.where(and(eq(nodeClaims.id, known.row.id), isLiveClaim))
			.returning();
		if (!row) throw claimIsOver(await loadClaim(tx, claimId));
		// no event: every worker renews all the time, and who holds what has not changed
		setTimers(tx, { type: "node.claim.lease.due", subjectId: row.id, dueInMs: leaseSeconds * 1000 });
		return presentClaim({ ...known, row });
	});
};
