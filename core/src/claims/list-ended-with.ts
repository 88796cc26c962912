import type { NodeStatus } from "@agentplanner/contracts";
import { and, eq, inArray, nodeClaims, planChanges } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";

/** Of these nodes those whose claim a change of their plan has ended, in the same transaction: with the status before it. */
export const listEndedWith = async (tx: Tx<ProjectContext>, changeId: string, nodeIds: string[]): Promise<Map<string, NodeStatus>> => {
	const rows = await tx.db
		.select({ nodeId: nodeClaims.nodeId, statusBefore: nodeClaims.statusBefore })
		.from(nodeClaims)
		.innerJoin(planChanges, and(eq(planChanges.id, changeId), eq(planChanges.createdAt, nodeClaims.endedAt)))
		.where(and(eq(nodeClaims.projectId, tx.projectId), inArray(nodeClaims.nodeId, nodeIds)));
	return new Map(rows.map(({ nodeId, statusBefore }) => [nodeId, statusBefore]));
};
