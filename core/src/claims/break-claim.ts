import type { Claim } from "@agentplanner/contracts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { giveBack } from "./give-back.ts";
import { authorizeClaim } from "./read-claims.ts";

/** Takes a node away from who holds it. Throws NotFoundError, ForbiddenError for tokens and below editor, and ConflictError once the claim is over. */
export const breakClaim = (ctx: ProjectContext, claimId: string): Promise<Claim> =>
	inTransaction(ctx, async (tx) => {
		const known = await authorizeClaim(tx, "claims:break", claimId);
		// no event: end-claim.ts says it
		return giveBack(tx, known, "broken");
	});
