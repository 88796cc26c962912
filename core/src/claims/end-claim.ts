import type { ClaimEnd } from "@agentplanner/contracts";
import { and, eq, inArray, isNull, nodeClaims, type SQL, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { deleteTimers } from "../timers.ts";
import type { ClaimRow } from "./read-claims.ts";

const end = async (tx: Tx<ProjectContext>, which: SQL, as: ClaimEnd): Promise<ClaimRow[]> => {
	const ended = await tx.db
		.update(nodeClaims)
		.set({ endedAt: sql`now()`, endedAs: as, updatedAt: sql`now()` })
		.where(and(eq(nodeClaims.projectId, tx.projectId), isNull(nodeClaims.endedAt), which))
		.returning();
	for (const claim of ended) {
		deleteTimers(tx, claim.id, "node.claim.lease.due");
		const data = { plan_id: claim.planId, claim_id: claim.id, fence: claim.fence, user_id: claim.userId, agent_id: claim.agentId };
		emit(tx, { type: `node.claim.${as}`, subjectId: claim.nodeId, data });
	}
	return ended;
};

/** Ends a claim that has not ended yet, where `only` is true of it, too; null if there is none. */
export const endClaim = async (tx: Tx<ProjectContext>, claimId: string, as: ClaimEnd, only: SQL = sql`true`): Promise<ClaimRow | null> => {
	const [ended] = await end(tx, sql`${eq(nodeClaims.id, claimId)} and ${only}`, as);
	return ended ?? null;
};

/** What is deleted is nobody's any more. Answers with the claims that this ended: their nodes go back to where they were. */
export const endClaimsOfDeleted = (tx: Tx<ProjectContext>, nodeIds: string[]): Promise<ClaimRow[]> =>
	end(tx, inArray(nodeClaims.nodeId, nodeIds), "released");

type ChangedNode = { node: { id: string; status: string } };

/** Consequence of a change of status: what is done, or goes back to the start, is nobody's any more. */
export const endClaimsWithNodes = async (tx: Tx<ProjectContext>, changes: ChangedNode[]): Promise<void> => {
	const withStatus = (...statuses: string[]) => changes.filter(({ node }) => statuses.includes(node.status)).map(({ node }) => node.id);
	const [done, reset] = [withStatus("completed", "cancelled"), withStatus("not_started")];
	if (done.length > 0) await end(tx, inArray(nodeClaims.nodeId, done), "finished");
	if (reset.length > 0) await end(tx, inArray(nodeClaims.nodeId, reset), "released");
};
