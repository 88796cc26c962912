import { and, asc, eq, inArray, planNodes } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import type { NodeRow } from "./change-status.ts";
import { isLiveNode } from "./live-nodes.ts";

/** Those of the nodes that are in this project and not deleted, locked against every change; always in one order, so that nobody waits in a circle. */
export const lockNodes = (tx: Tx<ProjectContext>, ids: readonly string[]): Promise<NodeRow[]> =>
	tx.db
		.select()
		.from(planNodes)
		.where(and(eq(planNodes.projectId, tx.projectId), inArray(planNodes.id, [...ids]), isLiveNode))
		.orderBy(asc(planNodes.id))
		.for("no key update");

/**
 * Nobody changes or deletes the node until the transaction ends; others may keep it, too. For what is said about it: whoever takes the node
 * back sees that, or it isn't said. Throws NotFoundError where it was deleted meanwhile.
 */
export const keepNode = async (tx: Tx<ProjectContext>, id: string): Promise<void> => {
	const [node] = await tx.db
		.select({ id: planNodes.id })
		.from(planNodes)
		.where(and(eq(planNodes.projectId, tx.projectId), eq(planNodes.id, id), isLiveNode))
		.for("share");
	if (!node) throw new NotFoundError("node");
};
