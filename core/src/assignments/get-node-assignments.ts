import type { AssignmentList } from "@agentplanner/contracts";
import type { ProjectContext } from "../context.ts";
import { authorizeNode } from "../plans/authorize-plan.ts";
import { readNodeAssignments } from "./read-assignments.ts";

/** Who is assigned to a node. Throws NotFoundError. */
export const getNodeAssignments = async (ctx: ProjectContext, nodeId: string): Promise<AssignmentList> => {
	await authorizeNode(ctx, "plans:read", nodeId);
	return readNodeAssignments(ctx, nodeId);
};
