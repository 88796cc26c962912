import { and, eq, nodeClaims } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import type { NodeRow } from "../plans/change-status.ts";
import { lockNodes } from "../plans/lock-nodes.ts";
import { tokenAgentId } from "../requests/addressee.ts";
import { isHolder } from "./holder.ts";
import { isLiveClaim } from "./live-claims.ts";
import { describeHolder } from "./read-claims.ts";

/**
 * Lets a write about a node pass only under the claim it was meant under. An agent must name the fence of its claim where the node is
 * claimed; people needn't, but whoever names one is held to it. Throws ConflictError saying who holds the node until when, or that
 * nobody does. Answers with the node, which stays locked where a fence counts, so that the claim can't end before the transaction does.
 */
export const assertFence = async (tx: Tx<ProjectContext>, node: NodeRow, fence: number | null): Promise<NodeRow> => {
	if (fence === null && tokenAgentId(tx) === null) return node;
	// Whoever takes or ends a claim holds this lock.
	const [locked] = await lockNodes(tx, [node.id]);
	if (!locked) throw new NotFoundError("node");
	const [claim] = await tx.db
		.select()
		.from(nodeClaims)
		.where(and(eq(nodeClaims.projectId, tx.projectId), eq(nodeClaims.nodeId, node.id), isLiveClaim));
	if (!claim) {
		if (fence === null) return locked;
		throw refuse(
			"Your claim on this task is over, and nobody holds it now. Claim it again to go on.",
			`${fence} is the fence of a claim that is over`,
		);
	}
	if (!isHolder(tx.actor, claim)) {
		const held = (await describeHolder(tx, node.id)) ?? "held by somebody else";
		throw refuse(`This task is ${held}, so nothing of yours was written.`, `the task is ${held}`);
	}
	if (claim.fence === fence) return locked;
	throw refuse(
		`You hold this task by a claim with the fence ${claim.fence}. Name it in the header Claim-Fence.`,
		`must be ${claim.fence}, the fence of your claim`,
	);
};

const refuse = (message: string, what: string): ConflictError =>
	new ConflictError(message, [{ field: "headers.claim-fence", message: what }]);

/** The number in a `Claim-Fence` header; null without one. The contract has seen to it that it is one. */
export const parseFence = (header: string | undefined): number | null => (header === undefined ? null : Number(header));
