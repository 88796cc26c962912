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
	// From the nodes to their dependencies, by an index each way; of an "or" Postgres would look at all dependencies there are.
	const withEndAs = (end: "upstream_id" | "downstream_id") => sql`
		select dependency.id from plan_nodes node
		join plan_node_dependencies dependency on dependency.project_id = ${ctx.projectId} and dependency.${sql.raw(end)} = node.id
		where node.plan_id = ${id}`;
	const ids = sql`(${withEndAs("upstream_id")} union ${withEndAs("downstream_id")})`;
	return readDependencies(ctx, sql`${planNodeDependencies.id} in ${ids}`, query, (row, ends) => ({
		id: row.id,
		kind: row.kind,
		...ends,
		created_at: row.createdAt.toISOString(),
	}));
};
