import type { PlanNode, SetNodeStatusInput } from "@agentplanner/contracts";
import { and, eq, planNodes, sql } from "@agentplanner/db";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { assertVersion, lostRace } from "../version.ts";
import { authorizeNode } from "./authorize-plan.ts";
import { presentNode } from "./present.ts";

/**
 * Moves the node to a status; to the one it has changes nothing. Throws NotFoundError, ForbiddenError below editor, and
 * PreconditionFailedError when the node is no longer at `expectedVersion` (null: whatever it is at; then ConflictError when it is
 * changed at the same moment).
 */
export const setNodeStatus = (
	ctx: ProjectContext,
	nodeId: string,
	{ status }: SetNodeStatusInput,
	expectedVersion: number | null,
): Promise<PlanNode> =>
	inTransaction(ctx, async (tx) => {
		const node = await authorizeNode(tx, "plans:write", nodeId);
		assertVersion(node.version, expectedVersion);
		if (node.status === status) return presentNode(node);
		const [updated] = await tx.db
			.update(planNodes)
			.set({ status, version: node.version + 1, updatedAt: sql`now()` })
			.where(and(eq(planNodes.projectId, ctx.projectId), eq(planNodes.id, node.id), eq(planNodes.version, node.version)))
			.returning();
		if (!updated) throw lostRace("node", expectedVersion);
		emit(tx, {
			type: "node.status.changed",
			subjectId: node.id,
			data: { plan_id: node.planId, from: node.status, to: status },
		});
		return presentNode(updated);
	});
