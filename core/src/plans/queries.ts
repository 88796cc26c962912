import { and, eq, isNull, planNodes, plans } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";

/** A plan of this project that is not deleted, or NotFoundError. */
export const loadPlan = async (ctx: ProjectContext, planId: string) => {
	const [plan] = await ctx.db
		.select()
		.from(plans)
		.where(and(eq(plans.projectId, ctx.projectId), eq(plans.id, planId), isNull(plans.deletedAt)));
	if (!plan) throw new NotFoundError("plan");
	return plan;
};

/** A node of this project, or NotFoundError. */
export const loadNode = async (ctx: ProjectContext, nodeId: string) => {
	const [node] = await ctx.db
		.select()
		.from(planNodes)
		.where(and(eq(planNodes.projectId, ctx.projectId), eq(planNodes.id, nodeId)));
	if (!node) throw new NotFoundError("node");
	return node;
};
