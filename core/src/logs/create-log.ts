import type { CreateLogInput, NodeLog } from "@agentplanner/contracts";
import { agentRequests, and, eq, planNodeLogs } from "@agentplanner/db";
import { authorOf } from "../author.ts";
import { assertFence } from "../claims/assert-fence.ts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { UnprocessableError } from "../errors.ts";
import { authorizeNode } from "../plans/authorize-plan.ts";
import { keepNode } from "../plans/lock-nodes.ts";
import { isVisibleRequest } from "../requests/addressee.ts";
import { presentLog } from "./present.ts";

/**
 * Notes something about the work on a node. Throws as `authorizeNode` does, UnprocessableError for a request that isn't the node's, or was
 * not sent to the agent that names it, and ConflictError where an agent doesn't hold the node by this `fence` and somebody does.
 */
export const createLog = async (ctx: ProjectContext, nodeId: string, input: CreateLogInput, fence: number | null): Promise<NodeLog> => {
	const node = await authorizeNode(ctx, "plans:work", nodeId);
	return inTransaction(ctx, async (tx) => {
		await assertFence(tx, node, fence);
		// After it: two who hold a node together can't both go on to lock it alone.
		await keepNode(tx, node.id);
		const agentRequestId = input.agent_request_id === undefined ? null : await findRequest(tx, node.id, input.agent_request_id);
		const place = { planId: node.planId, nodeId: node.id, agentRequestId };
		const [row] = await tx.db
			.insert(planNodeLogs)
			.values({ projectId: tx.projectId, ...place, kind: input.kind, text: input.text, ...authorOf(tx.actor) })
			.returning();
		if (!row) throw new Error("The insert returned no log.");
		emit(tx, {
			type: "node.logged",
			subjectId: row.id,
			data: { plan_id: node.planId, node_id: node.id, kind: row.kind, agent_request_id: agentRequestId },
		});
		return presentLog(row);
	});
};

const findRequest = async (tx: Tx<ProjectContext>, nodeId: string, requestId: string): Promise<string> => {
	const [request] = await tx.db
		.select({ id: agentRequests.id })
		.from(agentRequests)
		.where(
			and(
				eq(agentRequests.projectId, tx.projectId),
				eq(agentRequests.id, requestId),
				eq(agentRequests.nodeId, nodeId),
				isVisibleRequest(tx),
			),
		);
	if (!request)
		throw new UnprocessableError("There is no such request to log about.", [
			{ field: "body.agent_request_id", message: "is not a request of this node that you see" },
		]);
	return request.id;
};
