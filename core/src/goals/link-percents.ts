import type { NodeStatus } from "@agentplanner/contracts";
import { sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { readProgress } from "../plans/progress.ts";

type Target = { planId: string; nodeId: string | null };

export const keyOf = ({ planId, nodeId }: Target): string => nodeId ?? planId;

/**
 * How far the plans and nodes are, by `keyOf`: as they are anywhere; of a node with nothing below it, whether it is completed. Null where
 * nothing counts.
 */
export const readLinkPercents = async (ctx: ProjectContext, targets: Target[]): Promise<Map<string, number | null>> => {
	const planIds = (some: Target[]) => [...new Set(some.map(({ planId }) => planId))];
	const nodeIds = targets.flatMap(({ nodeId }) => (nodeId === null ? [] : [nodeId]));
	const progress = await readProgress(ctx, planIds(targets), { nodes: nodeIds.length > 0 });
	const leaves = nodeIds.filter((id) => !progress.has(id));
	const statuses = await readStatuses(ctx, leaves);
	return new Map(
		targets.map((target) => {
			const known = progress.get(keyOf(target));
			const status = statuses.get(keyOf(target));
			return [keyOf(target), known ? known.percent : status === "cancelled" ? null : status === "completed" ? 100 : 0];
		}),
	);
};

/** Of nodes, what is cancelled counting for all below it. */
const readStatuses = async (ctx: ProjectContext, ids: string[]): Promise<Map<string, NodeStatus>> => {
	if (ids.length === 0) return new Map();
	const { rows } = await ctx.db.execute<{ id: string; status: NodeStatus }>(sql`
		with recursive path as (
			select id, status as own, status, parent_id from plan_nodes where id = any(${sql.param(ids)}::uuid[])
			union all
			select path.id, own, above.status, above.parent_id from path join plan_nodes above on above.id = path.parent_id
		)
		select id, case when bool_or(status = 'cancelled') then 'cancelled' else own end as status from path group by id, own`);
	return new Map(rows.map(({ id, status }) => [id, status]));
};
