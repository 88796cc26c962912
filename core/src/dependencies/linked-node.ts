import type { LinkedNode } from "@agentplanner/contracts";
import { and, eq, planNodes, plans, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { visiblePlans } from "../plans/authorize-plan.ts";
import { isLiveNode } from "../plans/live-nodes.ts";
import { isFinished } from "./finished.ts";

/** Those of the nodes that are there and that the caller sees, by id: what is deleted, or in a plan hidden from them, is left out. */
export const readLinkedNodes = async (ctx: ProjectContext, ids: readonly string[]): Promise<Map<string, LinkedNode>> => {
	if (ids.length === 0) return new Map();
	const rows = await ctx.db
		.select({
			id: planNodes.id,
			planId: planNodes.planId,
			planTitle: plans.title,
			kind: planNodes.kind,
			title: planNodes.title,
			status: planNodes.status,
			dueAt: planNodes.dueAt,
			finished: sql<boolean>`${isFinished("plan_nodes")}`,
		})
		.from(planNodes)
		.innerJoin(plans, eq(plans.id, planNodes.planId))
		.where(
			and(
				eq(planNodes.projectId, ctx.projectId),
				sql`${planNodes.id} = any(${sql.param([...ids])}::uuid[])`,
				isLiveNode,
				visiblePlans(ctx),
			),
		);
	return new Map(
		rows.map(({ planId, planTitle, dueAt, ...row }) => [
			row.id,
			{ ...row, plan_id: planId, plan_title: planTitle, due_at: dueAt?.toISOString() ?? null },
		]),
	);
};

/** The same as a list, in the order of the ids. */
export const inOrder = (nodes: ReadonlyMap<string, LinkedNode>, ids: readonly string[]): LinkedNode[] =>
	ids.flatMap((id) => nodes.get(id) ?? []);
