import { type NodeStatus, nodeStatuses, type Progress } from "@agentplanner/contracts";
import { sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";

type Row = { id: string; status: NodeStatus; nodes: number };

/**
 * How far plans are, by their ids; with `nodes` also everything in them that has something below it. The one place where progress is
 * counted; what counts is said at `Progress` in contracts/src/progress.ts.
 */
export const readProgress = async (ctx: ProjectContext, planIds: string[], { nodes = false } = {}): Promise<Map<string, Progress>> => {
	const { rows } = await ctx.db.execute<Row>(sql`
		with recursive placed as (
			select id, plan_id, kind, status, array[plan_id] as above from plan_nodes
			where project_id = ${ctx.projectId} and plan_id = any(${sql.param(planIds)}::uuid[]) and parent_id is null and deleted_at is null
			union all
			select node.id, node.plan_id, node.kind, case placed.status when 'cancelled' then 'cancelled' else node.status end, above || placed.id
			from plan_nodes node join placed on node.plan_id = placed.plan_id and node.parent_id = placed.id
			where node.plan_id = any(${sql.param(planIds)}::uuid[]) and node.deleted_at is null
		)
		select place.id, status, count(*)::integer as nodes
		from placed cross join unnest(${nodes ? sql`above` : sql`above[:1]`}) as place (id)
		where kind <> 'phase'
		group by place.id, status`);
	const counts = new Map<string, Record<NodeStatus, number>>(planIds.map((id) => [id, nothingCounted()]));
	for (const { id, status, nodes } of rows) counts.set(id, { ...(counts.get(id) ?? nothingCounted()), [status]: nodes });
	return new Map([...counts].map(([id, byStatus]) => [id, progressOf(byStatus)]));
};

/** A plan's of those that were read. */
export const progressIn = (progress: ReadonlyMap<string, Progress>, planId: string): Progress =>
	progress.get(planId) ?? progressOf(nothingCounted());

const nothingCounted = () => Object.fromEntries(nodeStatuses.map((status) => [status, 0])) as Record<NodeStatus, number>;

const progressOf = (byStatus: Record<NodeStatus, number>): Progress => {
	const { completed, cancelled } = byStatus;
	const total = nodeStatuses.reduce((sum, status) => sum + byStatus[status], -cancelled);
	return { completed, total, percent: total === 0 ? null : Math.floor((100 * completed) / total), by_status: byStatus };
};
