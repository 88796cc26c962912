import type { PlanTree } from "@agentplanner/contracts";
import { and, asc, eq, planNodes, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { listWaiting } from "../dependencies/list-waiting.ts";
import { authorizePlan } from "./authorize-plan.ts";
import { readLabels } from "./labels.ts";
import { isLiveNode } from "./live-nodes.ts";
import { findLastChange, presentChange } from "./plan-change.ts";
import { presentPlan, presentSummary, summaryColumns } from "./present.ts";
import { progressIn, readProgress } from "./progress.ts";

/**
 * The plan with all its nodes: those without a parent first, siblings together and in their order. However many there are, it takes
 * the same few queries. Throws NotFoundError.
 */
export const getPlanTree = async (ctx: ProjectContext, planId: string): Promise<PlanTree> => {
	const plan = await authorizePlan(ctx, "plans:read", planId);
	const [rows, labels, progress, waiting, lastChange] = await Promise.all([
		readNodes(ctx, plan.id),
		readLabels(ctx, { planId: plan.id }),
		readProgress(ctx, [plan.id], { nodes: true }),
		listWaiting(ctx, plan.id),
		findLastChange(ctx, plan.id),
	]);
	return {
		plan: presentPlan(plan),
		progress: progressIn(progress, plan.id),
		nodes: rows.map((row) => ({ ...presentSummary(row, labels.get(row.id) ?? []), progress: progress.get(row.id) ?? null })),
		waiting,
		last_change: lastChange && presentChange(lastChange),
	};
};

const readNodes = (ctx: ProjectContext, planId: string) =>
	ctx.db
		.select(summaryColumns)
		.from(planNodes)
		.where(and(eq(planNodes.projectId, ctx.projectId), eq(planNodes.planId, planId), isLiveNode))
		.orderBy(sql`${planNodes.parentId} nulls first`, asc(planNodes.position), asc(planNodes.id));
