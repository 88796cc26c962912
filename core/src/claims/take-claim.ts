import type { Claim } from "@agentplanner/contracts";
import { and, eq, isNull, max, nodeClaims, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { ConflictError } from "../errors.ts";
import { changeStatus, type NodeRow } from "../plans/change-status.ts";
import { fromNow, setTimers } from "../timers.ts";
import { endClaim } from "./end-claim.ts";
import { holderOf } from "./holder.ts";
import { putBack } from "./put-back.ts";
import { describeHolder, loadClaim, presentClaim } from "./read-claims.ts";

/**
 * Gives a locked node to the caller, with the next fence, and starts it. Throws ConflictError saying who holds it until when, or that
 * there is nothing left to do. Authorizes nothing: callers have done so.
 */
export const takeClaim = async (tx: Tx<ProjectContext>, locked: NodeRow, leaseSeconds: number): Promise<Claim> => {
	const holder = holderOf(tx.actor);
	const held = await describeHolder(tx, locked.id);
	if (held !== null)
		throw new ConflictError(`This task is ${held}. Wait until then, or take another one.`, [
			{ field: "params.nodeId", message: `is ${held}` },
		]);
	const node = await endLapsed(tx, locked);
	if (node.status !== "not_started" && node.status !== "in_progress")
		throw new ConflictError(`This task is ${node.status}, so it can't be worked on. Take another one.`, [
			{ field: "params.nodeId", message: `is ${node.status}` },
		]);
	const [last] = await tx.db
		.select({ fence: max(nodeClaims.fence) })
		.from(nodeClaims)
		.where(eq(nodeClaims.nodeId, node.id));
	const [claim] = await tx.db
		.insert(nodeClaims)
		.values({
			projectId: node.projectId,
			planId: node.planId,
			nodeId: node.id,
			...holder,
			fence: (last?.fence ?? 0) + 1,
			leaseSeconds,
			leaseUntil: fromNow(leaseSeconds * 1000),
			statusBefore: node.status,
		})
		.returning();
	if (!claim) throw new Error("The insert returned no claim.");
	setTimers(tx, { type: "node.claim.lease.due", subjectId: claim.id, dueInMs: leaseSeconds * 1000 });
	const data = { plan_id: node.planId, claim_id: claim.id, fence: claim.fence, user_id: claim.userId, agent_id: claim.agentId };
	emit(tx, { type: "node.claimed", subjectId: node.id, data });
	await changeStatus(tx, [node], "in_progress");
	return presentClaim(await loadClaim(tx, claim.id));
};

/** A claim whose lease has run out, and whose timer is late, makes way. */
const endLapsed = async (tx: Tx<ProjectContext>, node: NodeRow): Promise<NodeRow> => {
	const [open] = await tx.db
		.select({ id: nodeClaims.id })
		.from(nodeClaims)
		.where(and(eq(nodeClaims.nodeId, node.id), isNull(nodeClaims.endedAt)));
	const ended = open ? await endClaim(tx, open.id, "expired", sql`lease_until <= now()`) : null;
	return ended ? putBack(tx, node, ended) : node;
};
