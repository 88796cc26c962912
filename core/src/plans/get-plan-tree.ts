import type { PlanTree } from "@agentplanner/contracts";
import { and, asc, eq, planNodes, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { listWaiting } from "../dependencies/list-waiting.ts";
import { authorizePlan } from "./authorize-plan.ts";
import { isLiveNode } from "./live-nodes.ts";
import { presentNode, presentPlan } from "./present.ts";

/** The plan with all its nodes: those without a parent first, siblings together and in their order. Throws NotFoundError. */
export const getPlanTree = async (ctx: ProjectContext, planId: string): Promise<PlanTree> => {
	const plan = await authorizePlan(ctx, "plans:read", planId);
	const [nodes, waiting] = await Promise.all([
		ctx.db
			.select()
			.from(planNodes)
			.where(and(eq(planNodes.projectId, ctx.projectId), eq(planNodes.planId, plan.id), isLiveNode))
			.orderBy(sql`${planNodes.parentId} nulls first`, asc(planNodes.position), asc(planNodes.id)),
		listWaiting(ctx, plan.id),
	]);
	return { plan: presentPlan(plan), nodes: nodes.map(presentNode), waiting };
};
