import type { MovedNode, MoveNodeInput } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import { assertVersion } from "../version.ts";
import { lockNodes } from "./lock-nodes.ts";
import { relocate } from "./move-nodes.ts";
import { lockPlan } from "./parent.ts";
import { presentNode } from "./present.ts";
import { loadNode } from "./queries.ts";

// no event: relocate emits it
/**
 * Moves the node, with all below it, to a place in its plan; to the one it has changes nothing. Throws NotFoundError,
 * ForbiddenError below editor, UnprocessableError for a parent that is the node itself, lies below it, is not in this plan or too
 * deep, or a sibling that is not there, and PreconditionFailedError when the node is no longer at `expectedVersion` (null: whatever
 * it is at).
 */
export const moveNode = async (
	ctx: ProjectContext,
	nodeId: string,
	{ parent_id: parentId, after_id: afterId }: MoveNodeInput,
	expectedVersion: number | null,
): Promise<MovedNode> => {
	await authorize(ctx, "plans:write");
	return inTransaction(ctx, async (tx) => {
		await lockPlan(tx, (await loadNode(tx, nodeId)).planId);
		// Read again: only now nobody else can change it.
		const [node] = await lockNodes(tx, [nodeId]);
		if (!node) throw new NotFoundError("node");
		assertVersion(node.version, expectedVersion);
		const change = await relocate(tx, [node], parentId, afterId);
		return { ...(await presentNode(tx, change ? await loadNode(tx, nodeId) : node)), change_id: change?.id ?? null };
	});
};
