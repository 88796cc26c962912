import { sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { isFinished } from "./finished.ts";

/** Ids of a plan's open nodes that wait for something, themselves or with a node above them. The caller has seen to who may. */
export const listWaiting = async (ctx: ProjectContext, planId: string): Promise<string[]> => {
	const { rows } = await ctx.db.execute<{ id: string }>(sql`
		with recursive held as (
			select node.id from plan_nodes node
			join plan_node_dependencies dependency
				on dependency.project_id = node.project_id and dependency.downstream_id = node.id and dependency.kind = 'blocks'
			join plan_nodes upstream on upstream.id = dependency.upstream_id and upstream.deleted_at is null
			join plans upstream_plan on upstream_plan.id = upstream.plan_id and upstream_plan.deleted_at is null
			where node.project_id = ${ctx.projectId} and node.plan_id = ${planId} and not (${isFinished("upstream")})
			union
			select child.id from held join plan_nodes child on child.plan_id = ${planId} and child.parent_id = held.id
		)
		select node.id from held join plan_nodes node on node.id = held.id
		where node.deleted_at is null and node.status not in ('completed', 'cancelled')
		order by node.id`);
	return rows.map(({ id }) => id);
};
