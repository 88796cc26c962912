import { and, eq, planNodes } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";

/** A node of this project, or NotFoundError. */
export const loadNode = async (ctx: ProjectContext, nodeId: string) => {
	const [node] = await ctx.db
		.select()
		.from(planNodes)
		.where(and(eq(planNodes.projectId, ctx.projectId), eq(planNodes.id, nodeId)));
	if (!node) throw new NotFoundError("node");
	return node;
};
