import type { PlanNode, SetNodeStatusInput } from "@agentplanner/contracts";
import { assertFence } from "../claims/assert-fence.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { assertVersion, lostRace } from "../version.ts";
import { authorizeNode } from "./authorize-plan.ts";
import { changeStatus } from "./change-status.ts";
import { presentNode } from "./present.ts";

/**
 * Moves the node to a status; to the one it has changes nothing. Throws NotFoundError, ForbiddenError below editor, and
 * PreconditionFailedError when the node is no longer at `expectedVersion` (null: whatever it is at; then ConflictError when it is
 * changed at the same moment). What an agent writes names the fence of its claim: ConflictError where that isn't the one who holds the node.
 */
export const setNodeStatus = (
	ctx: ProjectContext,
	nodeId: string,
	{ status }: SetNodeStatusInput,
	expectedVersion: number | null,
	claimFence: number | null = null,
): Promise<PlanNode> =>
	inTransaction(ctx, async (tx) => {
		const node = await assertFence(tx, await authorizeNode(tx, "plans:work", nodeId), claimFence);
		assertVersion(node.version, expectedVersion);
		if (node.status === status) return presentNode(node);
		const [updated] = await changeStatus(tx, [node], status);
		if (!updated) throw lostRace("node", expectedVersion);
		return presentNode(updated);
	});
