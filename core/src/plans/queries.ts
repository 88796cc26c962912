import { and, eq, planNodes } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import { isLiveNode } from "./live-nodes.ts";

/** A node of this project that was not deleted, or NotFoundError. */
export const loadNode = async (ctx: ProjectContext, nodeId: string) => {
	const [node] = await ctx.db
		.select()
		.from(planNodes)
		.where(and(eq(planNodes.projectId, ctx.projectId), eq(planNodes.id, nodeId), isLiveNode));
	if (!node) throw new NotFoundError("node");
	return node;
};
