import type { NodeStatus } from "@agentplanner/contracts";
import { and, decisionRequests, eq, inArray, planNodes } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { changeStatus } from "../plans/change-status.ts";

/*
 * A node is blocked as long as a blocking decision about it is pending, and keeps in mind what it was (`blocked_from`):
 *
 *   not_started | in_progress ──blocking decision asked──► blocked ──the last of them ended──► what it was
 *
 * A node that is over or blocked already stays as it is. Whoever sets its status meanwhile has the last word: that forgets what it was.
 * Who asks and who ends takes the node's lock first and looks behind it at what else is pending, so that of two at once the second sees
 * the first. Locks go request, decision, deliveries, node.
 */

/** Blocks the node of a blocking decision that is being asked. */
export const blockNode = async (tx: Tx<ProjectContext>, nodeId: string, decisionId: string): Promise<void> => {
	const node = await lockNode(tx, nodeId);
	if (node && canBeBlocked.includes(node.status))
		await changeStatus(tx, [node], "blocked", { blockedBy: "decision", because: { decision_id: decisionId } });
};

const canBeBlocked: readonly NodeStatus[] = ["not_started", "in_progress"];

/** Gives the node of a blocking decision that has just ended back what it was, unless another one still blocks it. */
export const releaseNode = async (tx: Tx<ProjectContext>, nodeId: string, decisionId: string): Promise<void> => {
	const node = await lockNode(tx, nodeId);
	if (node?.blockedBy !== "decision" || node.blockedFrom === null || (await isHeld(tx, node.id))) return;
	await changeStatus(tx, [node], node.blockedFrom, { because: { decision_id: decisionId } });
};

/** Also a deleted one: it may be restored. */
const lockNode = async (tx: Tx<ProjectContext>, nodeId: string) => {
	const [node] = await tx.db
		.select()
		.from(planNodes)
		.where(and(eq(planNodes.projectId, tx.projectId), eq(planNodes.id, nodeId)))
		.for("no key update");
	return node;
};

const isHeld = async (tx: Tx<ProjectContext>, nodeId: string): Promise<boolean> => (await listHeld(tx, [nodeId])).has(nodeId);

/** Those of the locked nodes about which a blocking decision is pending. */
export const listHeld = async (tx: Tx<ProjectContext>, nodeIds: string[]): Promise<Set<string>> => {
	if (nodeIds.length === 0) return new Set();
	const blocking = await tx.db
		.selectDistinct({ nodeId: decisionRequests.nodeId })
		.from(decisionRequests)
		.where(
			and(inArray(decisionRequests.nodeId, nodeIds), eq(decisionRequests.status, "pending"), eq(decisionRequests.urgency, "blocking")),
		);
	return new Set(blocking.map(({ nodeId }) => nodeId));
};
