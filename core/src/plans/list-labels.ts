import { and, asc, count, eq, gt, planNodeLabels, planNodes, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { inVisiblePlan } from "./authorize-plan.ts";
import { isLiveNode } from "./live-nodes.ts";

type LabelPage = { limit: number; cursor?: string | undefined; starts_with?: string | undefined };

/** The labels of the project's nodes with how many have them, in alphabetical order; `cursor` is the last one of the page before. */
export const listLabels = async (ctx: ProjectContext, { limit, cursor, starts_with: start }: LabelPage) => {
	await authorize(ctx, "plans:read");
	const rows = await ctx.db
		.select({ label: sql<string>`min(${planNodeLabels.label}::text)`, nodes: count() })
		.from(planNodeLabels)
		.innerJoin(planNodes, eq(planNodes.id, planNodeLabels.nodeId))
		.where(
			and(
				eq(planNodeLabels.projectId, ctx.projectId),
				isLiveNode,
				inVisiblePlan(ctx, planNodeLabels.planId),
				cursor === undefined ? undefined : gt(planNodeLabels.label, cursor),
				start === undefined ? undefined : sql`starts_with(lower(${planNodeLabels.label}::text), lower(${start}))`,
			),
		)
		.groupBy(planNodeLabels.label)
		.orderBy(asc(planNodeLabels.label))
		.limit(limit + 1);
	return { items: rows.slice(0, limit), next_cursor: rows.length > limit ? (rows[limit - 1]?.label ?? null) : null };
};
