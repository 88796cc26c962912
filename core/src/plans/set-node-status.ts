import type { PlanNode, SetNodeStatusInput } from "@agentplanner/contracts";
import { assertFence } from "../claims/assert-fence.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { findWaiting } from "../dependencies/find-waiting.ts";
import { lockDependencies } from "../dependencies/lock-dependencies.ts";
import { lockHeldUp } from "../dependencies/watch-waiting.ts";
import { UnprocessableError } from "../errors.ts";
import { assertVersion, lostRace } from "../version.ts";
import { authorizeNode } from "./authorize-plan.ts";
import { changeStatus } from "./change-status.ts";
import { presentNode } from "./present.ts";

/**
 * Moves the node to a status; to the one it has changes nothing. Throws NotFoundError, ForbiddenError below editor, UnprocessableError
 * where it can't be blocked until others are finished, and PreconditionFailedError when the node is no longer at `expectedVersion` (null:
 * whatever it is at; then ConflictError when it is changed at the same moment). What an agent writes names the fence of its claim:
 * ConflictError where that isn't the one who holds the node.
 */
export const setNodeStatus = async (
	ctx: ProjectContext,
	nodeId: string,
	{ status, until_unblocked: untilUnblocked }: SetNodeStatusInput,
	expectedVersion: number | null,
	claimFence: number | null = null,
): Promise<PlanNode> => {
	// Before the locks: whoever may not do it mustn't make others wait.
	await authorizeNode(ctx, "plans:work", nodeId);
	return inTransaction(ctx, async (tx) => {
		if (status === "completed" || status === "cancelled") await lockHeldUp(tx, [nodeId]);
		// Before the node's own lock.
		if (status === "blocked" && untilUnblocked !== false) await lockDependencies(tx);
		const node = await assertFence(tx, await authorizeNode(tx, "plans:work", nodeId), claimFence);
		assertVersion(node.version, expectedVersion);
		if (node.status === status) return presentNode(tx, node);
		const waits = status === "blocked" && untilUnblocked !== false && (await findWaiting(tx, [node.id])).has(node.id);
		if (untilUnblocked === true && !waits)
			throw new UnprocessableError("Only an open node that waits for another one can be blocked until then.", [
				{ field: "body.until_unblocked", message: "needs the status blocked, and an open node that waits for another one" },
			]);
		const [updated] = await changeStatus(tx, [node], status, { blockedBy: waits ? "dependency" : "person" });
		if (!updated) throw lostRace("node", expectedVersion);
		return presentNode(tx, updated);
	});
};
