import type { CriticalPath } from "@agentplanner/contracts";
import { and, eq, planNodeDependencies, planNodes, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { authorizePlan } from "../plans/authorize-plan.ts";
import { isLiveNode } from "../plans/live-nodes.ts";
import { inOrder, readLinkedNodes } from "./linked-node.ts";
import { longestChain } from "./longest-chain.ts";

/** The longest chain of a plan's unfinished tasks and milestones that wait for each other; empty where none does. Throws NotFoundError. */
export const getCriticalPath = async (ctx: ProjectContext, planId: string): Promise<CriticalPath> => {
	const plan = await authorizePlan(ctx, "plans:read", planId);
	const inPlan = and(eq(planNodes.projectId, ctx.projectId), eq(planNodes.planId, plan.id), isLiveNode);
	const blocks = await ctx.db
		.select({ upstreamId: planNodeDependencies.upstreamId, downstreamId: planNodeDependencies.downstreamId })
		.from(planNodeDependencies)
		.innerJoin(planNodes, and(eq(planNodes.id, planNodeDependencies.downstreamId), inPlan))
		.where(and(eq(planNodeDependencies.projectId, ctx.projectId), eq(planNodeDependencies.kind, "blocks")));
	if (blocks.length === 0) return { nodes: [] };
	const rows = await ctx.db
		.select({ id: planNodes.id, parentId: planNodes.parentId, kind: planNodes.kind, status: planNodes.status, dueAt: planNodes.dueAt })
		.from(planNodes)
		.where(inPlan)
		.orderBy(sql`${planNodes.parentId} nulls first`, planNodes.position, planNodes.id);
	const ids = longestChain(openLinks(rows), blocks);
	// One node alone waits for nothing and holds nothing up.
	return { nodes: ids.length < 2 ? [] : inOrder(await readLinkedNodes(ctx, ids), ids) };
};

type Row = Pick<typeof planNodes.$inferSelect, "id" | "parentId" | "kind" | "status" | "dueAt">;

/** What is open, and not below something closed. A phase counts where it is all there is: nothing stands below it. */
const openLinks = (rows: Row[]) => {
	const isClosed = ({ status }: Row) => status === "completed" || status === "cancelled";
	const parents = new Set(rows.map(({ parentId }) => parentId));
	const byId = new Map(rows.map((row) => [row.id, row]));
	const isSettled = (row: Row): boolean => {
		for (let at: Row | undefined = row; at !== undefined; at = at.parentId === null ? undefined : byId.get(at.parentId))
			if (isClosed(at)) return true;
		return false;
	};
	return rows
		.filter((row) => !isSettled(row))
		.map(({ id, parentId, kind, dueAt }) => ({
			id,
			parentId,
			counts: kind !== "phase" || !parents.has(id),
			dueAt: dueAt?.getTime() ?? null,
		}));
};
