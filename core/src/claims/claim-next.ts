import type { ClaimNextInput, NextClaim } from "@agentplanner/contracts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { findNextTask } from "../dependencies/find-next-task.ts";
import { authorizePlan } from "../plans/authorize-plan.ts";
import { lockNodes } from "../plans/lock-nodes.ts";
import { presentNode } from "../plans/present.ts";
import { holderOf } from "./holder.ts";
import { describeHolder } from "./read-claims.ts";
import { takeClaim } from "./take-claim.ts";

/**
 * Claims the next task of a plan for the caller; both null when there is none now. A task that somebody else is about to take is passed
 * over, so two never get the same. Throws NotFoundError and ForbiddenError below editor.
 */
export const claimNext = (ctx: ProjectContext, { plan_id: planId, lease_seconds, ...filter }: ClaimNextInput): Promise<NextClaim> =>
	inTransaction(ctx, async (tx) => {
		await authorizePlan(tx, "plans:work", planId);
		for (;;) {
			const nodeId = await findNextTask(tx, { planId, asker: holderOf(tx.actor), filter }, { lock: true });
			if (nodeId === null) return { claim: null, node: null };
			const [node] = await lockNodes(tx, [nodeId]);
			// Taken in the moment between the search and the lock: the next search sees that.
			if (!node || (await describeHolder(tx, nodeId)) !== null) continue;
			const claim = await takeClaim(tx, node, lease_seconds);
			const [started] = await lockNodes(tx, [nodeId]);
			return { claim, node: await presentNode(tx, started ?? node) };
		}
	});
