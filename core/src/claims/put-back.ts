import { eq, planNodes } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { changeStatus, type NodeRow } from "../plans/change-status.ts";
import type { ClaimRow } from "./read-claims.ts";

/**
 * After a claim that ended without the work being done: its locked node goes back to where it was, unless somebody has moved it since.
 * One that is blocked for a while, by a decision or a dependency, goes there once it is unblocked.
 */
export const putBack = async (tx: Tx<ProjectContext>, node: NodeRow, { statusBefore }: ClaimRow): Promise<NodeRow> => {
	if (node.blockedFrom === "in_progress" && statusBefore === "not_started") {
		await tx.db.update(planNodes).set({ blockedFrom: statusBefore }).where(eq(planNodes.id, node.id));
		return { ...node, blockedFrom: statusBefore };
	}
	if (node.status !== "in_progress") return node;
	const [changed] = await changeStatus(tx, [node], statusBefore);
	return changed ?? node;
};
