import type { PlanDependency } from "@agentplanner/contracts";
import { planNodeDependencies, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import type { PageInput } from "../pagination.ts";
import { authorizePlan } from "../plans/authorize-plan.ts";
import { readDependencies } from "./read-dependencies.ts";

/** All dependencies with an end in the plan, newest first; without what the caller doesn't see. Throws NotFoundError. */
export const listPlanDependencies = async (
	ctx: ProjectContext,
	planId: string,
	query: PageInput,
): Promise<{ items: PlanDependency[]; next_cursor: string | null }> => {
	const { id } = await authorizePlan(ctx, "plans:read", planId);
	const inPlan = sql`(select id from plan_nodes where project_id = ${ctx.projectId} and plan_id = ${id})`;
	const { upstreamId, downstreamId } = planNodeDependencies;
	return readDependencies(ctx, sql`(${upstreamId} in ${inPlan} or ${downstreamId} in ${inPlan})`, query, (row, ends) => ({
		id: row.id,
		kind: row.kind,
		...ends,
		created_at: row.createdAt.toISOString(),
	}));
};
