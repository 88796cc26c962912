import type { MovedNode, MoveNodeInput } from "@agentplanner/contracts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { watchMoves } from "../dependencies/watch-moves.ts";
import { NotFoundError } from "../errors.ts";
import { assertVersion } from "../version.ts";
import { authorizeNode } from "./authorize-plan.ts";
import { changeStatus } from "./change-status.ts";
import { lockNodes } from "./lock-nodes.ts";
import { relocate } from "./move-nodes.ts";
import { lockPlan } from "./parent.ts";
import { presentNode } from "./present.ts";
import { loadNode } from "./queries.ts";

// no event: relocate emits it
/**
 * Moves the node, with all below it, to a place in its plan; to the one it has changes nothing. Throws NotFoundError,
 * ForbiddenError below editor, UnprocessableError for a parent that is the node itself, lies below it, is not in this plan or too
 * deep, or a sibling that is not there, or where nodes would wait for each other in a circle, and PreconditionFailedError when the
 * node is no longer at `expectedVersion` (null: whatever it is at).
 */
export const moveNode = (
	ctx: ProjectContext,
	nodeId: string,
	{ parent_id: parentId, after_id: afterId }: MoveNodeInput,
	expectedVersion: number | null,
): Promise<MovedNode> =>
	inTransaction(ctx, async (tx) => {
		await lockPlan(tx, (await authorizeNode(tx, "plans:write", nodeId)).planId);
		// Read again: only now nobody else can move it.
		const settle = (await loadNode(tx, nodeId)).parentId === parentId ? null : await watchMoves(tx, [nodeId], changeStatus);
		const [node] = await lockNodes(tx, [nodeId]);
		if (!node) throw new NotFoundError("node");
		assertVersion(node.version, expectedVersion);
		const change = await relocate(tx, [node], parentId, afterId);
		if (change === null) return { ...(await presentNode(tx, node)), change_id: null };
		await settle?.([{ id: node.id, parentId }]);
		return { ...(await presentNode(tx, await loadNode(tx, nodeId))), change_id: change.id };
	});
