import type { Plan, PlanNode } from "@agentplanner/contracts";
import { and, asc, eq, planNodes, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { authorizePlan } from "./authorize-plan.ts";
import { readLabels } from "./labels.ts";
import { isLiveNode } from "./live-nodes.ts";
import { presentPlan, presentWhole } from "./present.ts";

/** As `getPlanTree`, with all texts of the nodes. Throws NotFoundError. */
export const readWholePlan = async (ctx: ProjectContext, planId: string): Promise<{ plan: Plan; nodes: PlanNode[] }> => {
	const plan = await authorizePlan(ctx, "plans:read", planId);
	const labels = await readLabels(ctx, { planId: plan.id });
	const rows = await ctx.db
		.select()
		.from(planNodes)
		.where(and(eq(planNodes.projectId, ctx.projectId), eq(planNodes.planId, plan.id), isLiveNode))
		.orderBy(sql`${planNodes.parentId} nulls first`, asc(planNodes.position), asc(planNodes.id));
	return { plan: presentPlan(plan), nodes: rows.map((row) => presentWhole(row, labels.get(row.id) ?? [])) };
};
