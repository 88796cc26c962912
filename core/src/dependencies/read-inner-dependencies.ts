import { and, eq, planNodeDependencies, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";

export type InnerDependency = Pick<typeof planNodeDependencies.$inferSelect, "kind" | "upstreamId" | "downstreamId">;

/** The dependencies whose both ends are nodes of the plan, also of deleted ones. */
export const readInnerDependencies = (ctx: ProjectContext, planId: string): Promise<InnerDependency[]> => {
	const { kind, upstreamId, downstreamId, projectId } = planNodeDependencies;
	const inPlan = sql`(select id from plan_nodes where project_id = ${ctx.projectId} and plan_id = ${planId})`;
	return ctx.db
		.select({ kind, upstreamId, downstreamId })
		.from(planNodeDependencies)
		.where(and(eq(projectId, ctx.projectId), sql`${upstreamId} in ${inPlan}`, sql`${downstreamId} in ${inPlan}`));
};
