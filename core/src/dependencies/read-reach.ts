import { sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { type Direction, type Graph, nodesEntered, originOf, type Place, walk } from "./walk.ts";

/** So many points are looked at where not all have to be; beyond that an answer is cut off. */
const farthest = 20_000;

type Options = {
	/** Also deleted nodes, which may come back, and however many. */
	everything?: true;
	/** What is closed passes no waiting on. */
	openOnly?: true;
};

const steps = {
	downstream: sql`
		select child.id, 'start' from plan_nodes child
		where reached.point = 'start' and child.plan_id = node.plan_id and child.parent_id = node.id
		union all select node.id, 'finish' where reached.point = 'start'
		union all select node.parent_id, 'finish' where reached.point = 'finish' and node.parent_id is not null
		union all select dependency.downstream_id, 'start' from plan_node_dependencies dependency
		where reached.point = 'finish' and dependency.project_id = node.project_id and dependency.upstream_id = node.id and dependency.kind = 'blocks'`,
	upstream: sql`
		select child.id, 'finish' from plan_nodes child
		where reached.point = 'finish' and child.plan_id = node.plan_id and child.parent_id = node.id
		union all select node.id, 'start' where reached.point = 'finish'
		union all select node.parent_id, 'start' where reached.point = 'start' and node.parent_id is not null
		union all select dependency.upstream_id, 'finish' from plan_node_dependencies dependency
		where reached.point = 'start' and dependency.project_id = node.project_id and dependency.downstream_id = node.id and dependency.kind = 'blocks'`,
} as const satisfies Record<Direction, unknown>;

/** The part of the project's graph that can be reached from a point of a node (walk.ts says how), to be walked. */
export const readReach = async (
	ctx: ProjectContext,
	{ nodeId, point }: Place,
	direction: Direction,
	{ everything, openOnly }: Options = {},
): Promise<{ graph: Graph; truncated: boolean }> => {
	// Its plan may lie in the bin, too.
	const isThere = sql`node.deleted_at is null and node.plan_id not in (
		select id from plans where project_id = ${ctx.projectId} and deleted_at is not null
	)`;
	const passes = sql`${everything ? sql`true` : isThere} and ${openOnly ? sql`node.status not in ('completed', 'cancelled')` : sql`true`}`;
	const { rows: points } = await ctx.db.execute<{ id: string }>(sql`
		with recursive reached (id, point) as (
			values (${nodeId}::uuid, ${point})
			union
			select step.id, step.point from reached
			join plan_nodes node on node.id = reached.id and node.project_id = ${ctx.projectId} and ${passes}
			cross join lateral (${steps[direction]}) as step (id, point)
		)
		select id from reached limit ${everything ? null : farthest + 1}`);
	const ids = [...new Set(points.map(({ id }) => id))];
	const among = sql`any(${sql.param(ids)}::uuid[])`;
	const { rows: nodes } = await ctx.db.execute<{ id: string; parent_id: string | null }>(sql`
		select node.id, node.parent_id from plan_nodes node where node.project_id = ${ctx.projectId} and node.id = ${among} and ${passes}`);
	const { rows: blocks } = await ctx.db.execute<{ upstream_id: string; downstream_id: string }>(sql`
		select upstream_id, downstream_id from plan_node_dependencies
		where project_id = ${ctx.projectId} and kind = 'blocks' and upstream_id = ${among} and downstream_id = ${among}`);
	return {
		graph: {
			nodes: new Map(nodes.map(({ id, parent_id }) => [id, { parentId: parent_id }])),
			blocks: blocks.map(({ upstream_id, downstream_id }) => ({ upstreamId: upstream_id, downstreamId: downstream_id })),
		},
		truncated: !everything && points.length > farthest,
	};
};

/** Reads and walks from where the node is finished (downstream) or begins (upstream). */
export const walkFrom = async (ctx: ProjectContext, nodeId: string, direction: Direction, options?: Options) => {
	const origin = { nodeId, point: originOf[direction] };
	const { graph, truncated } = await readReach(ctx, origin, direction, options);
	return { reached: nodesEntered(walk(graph, origin, direction), direction), truncated };
};
