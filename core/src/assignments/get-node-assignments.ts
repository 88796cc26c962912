import type { AssignmentList } from "@agentplanner/contracts";
import type { ProjectContext } from "../context.ts";
import { getNode } from "../plans/get-node.ts";
import { readNodeAssignments } from "./read-assignments.ts";

/** Who is assigned to a node. Throws NotFoundError. */
export const getNodeAssignments = async (ctx: ProjectContext, nodeId: string): Promise<AssignmentList> => {
	const node = await getNode(ctx, nodeId);
	return readNodeAssignments(ctx, node.id);
};
