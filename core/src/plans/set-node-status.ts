import type { PlanNode, SetNodeStatusInput } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { assertVersion, lostRace } from "../version.ts";
import { changeStatus } from "./change-status.ts";
import { presentNode } from "./present.ts";
import { loadNode } from "./queries.ts";

/**
 * Moves the node to a status; to the one it has changes nothing. Throws NotFoundError, ForbiddenError below editor, and
 * PreconditionFailedError when the node is no longer at `expectedVersion` (null: whatever it is at; then ConflictError when it is
 * changed at the same moment).
 */
export const setNodeStatus = async (
	ctx: ProjectContext,
	nodeId: string,
	{ status }: SetNodeStatusInput,
	expectedVersion: number | null,
): Promise<PlanNode> => {
	await authorize(ctx, "plans:write");
	return inTransaction(ctx, async (tx) => {
		const node = await loadNode(tx, nodeId);
		assertVersion(node.version, expectedVersion);
		if (node.status === status) return presentNode(node);
		const [updated] = await changeStatus(tx, [node], status);
		if (!updated) throw lostRace("node", expectedVersion);
		return presentNode(updated);
	});
};
