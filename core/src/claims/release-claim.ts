import type { Claim } from "@agentplanner/contracts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { ForbiddenError } from "../errors.ts";
import { giveBack } from "./give-back.ts";
import { isHolder } from "./holder.ts";
import { authorizeClaim } from "./read-claims.ts";

/** Gives a claim up. Throws NotFoundError, ForbiddenError for anybody but the holder, and ConflictError once it is over. */
export const releaseClaim = (ctx: ProjectContext, claimId: string): Promise<Claim> =>
	inTransaction(ctx, async (tx) => {
		const known = await authorizeClaim(tx, "plans:work", claimId, { even: "archived" });
		if (!isHolder(tx.actor, known.row)) throw new ForbiddenError("Only who holds a claim can give it up; a person can break it.");
		// no event: end-claim.ts says it
		return giveBack(tx, known, "released");
	});
