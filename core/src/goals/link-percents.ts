import { sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";

type Target = { planId: string; nodeId: string | null };

export const keyOf = ({ planId, nodeId }: Target): string => nodeId ?? planId;

/**
 * How far the plans and nodes are, by `keyOf`: of the tasks and milestones below each, how many are completed; of a node with none below
 * it, whether it is itself. What is cancelled, or stands below what is, does not count.
 */
export const readLinkPercents = async (ctx: ProjectContext, targets: Target[]): Promise<Map<string, number | null>> => {
	const places = new Map(targets.map((target) => [keyOf(target), target]));
	const { rows } = await ctx.db.execute<{ key: string; done: number; total: number }>(sql`
		with recursive target as (
			select * from unnest(
				${sql.param([...places.keys()])}::uuid[],
				${sql.param([...places.values()].map(({ planId }) => planId))}::uuid[],
				${sql.param([...places.values()].map(({ nodeId }) => nodeId))}::uuid[]
			) as target (key, plan_id, node_id)
		), path as (
			select target.key, node.parent_id, node.status from target join plan_nodes node on node.id = target.node_id
			union all
			select path.key, above.parent_id, above.status from path join plan_nodes above on above.id = path.parent_id
		), counting as (
			select * from target where not exists (select from path where path.key = target.key and path.status = 'cancelled')
		), below as (
			select target.key, node.id, node.plan_id, node.kind, node.status
			from counting target join plan_nodes node on node.plan_id = target.plan_id and node.parent_id is not distinct from target.node_id
			where node.project_id = ${ctx.projectId} and node.deleted_at is null and node.status <> 'cancelled'
			union all
			select below.key, node.id, node.plan_id, node.kind, node.status
			from below join plan_nodes node on node.plan_id = below.plan_id and node.parent_id = below.id
			where node.deleted_at is null and node.status <> 'cancelled'
		), counted as (
			select key, status from below where kind <> 'phase'
			union all
			select target.key, node.status from counting target join plan_nodes node on node.id = target.node_id
			where not exists (select from below where below.key = target.key)
		)
		select key, count(*) filter (where status = 'completed')::integer as done, count(*)::integer as total from counted group by key`);
	const counts = new Map(rows.map(({ key, done, total }) => [key, Math.floor((100 * done) / total)]));
	return new Map([...places.keys()].map((key) => [key, counts.get(key) ?? null]));
};
