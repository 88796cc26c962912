import { type SQL, sql } from "@agentplanner/db";

/** Completed or cancelled; `assumed` is taken to be. */
const isClosed = (node: SQL, assumed: string | null): SQL => {
	const closed = sql`${node}.status in ('completed', 'cancelled')`;
	return assumed === null ? closed : sql`(${closed} or ${node}.id = ${assumed})`;
};

/**
 * Whether a row of plan_nodes, under its name in the query, is finished: closed, or a phase below which all tasks and milestones
 * are, one at least. What lies below something closed doesn't count. Nothing waits for a finished node.
 */
export const isFinished = (name: string, assumed: string | null = null): SQL => {
	const node = sql.raw(name);
	const child = sql.raw("child");
	return sql`case
		when ${isClosed(node, assumed)} then true
		when ${node}.kind = 'phase' then coalesce((
			with recursive below as (
				select child.id, child.kind, ${isClosed(child, assumed)} as closed from plan_nodes child
				where child.plan_id = ${node}.plan_id and child.parent_id = ${node}.id and child.deleted_at is null
				union all
				select child.id, child.kind, ${isClosed(child, assumed)} from below
				join plan_nodes child on child.plan_id = ${node}.plan_id and child.parent_id = below.id and child.deleted_at is null
				where not below.closed
			)
			select bool_and(closed) from below where closed or kind <> 'phase'
		), false)
		else false
	end`;
};

/** The unfinished nodes (`upstream_id`) that block a row of plan_nodes itself, as a query. What is deleted blocks nothing. */
export const directBlockersOf = (name: string, assumed: string | null = null): SQL => {
	const node = sql.raw(name);
	return sql`
		select upstream.id as upstream_id from plan_node_dependencies dependency
		join plan_nodes upstream on upstream.id = dependency.upstream_id and upstream.deleted_at is null
		join plans upstream_plan on upstream_plan.id = upstream.plan_id and upstream_plan.deleted_at is null
		where dependency.project_id = ${node}.project_id and dependency.downstream_id = ${node}.id and dependency.kind = 'blocks'
			and not (${isFinished("upstream", assumed)})`;
};

/** All that a row of plan_nodes waits for: what blocks it or a node above it (`blocked_id`, which is `height` above). */
export const blockersOf = (name: string, assumed: string | null = null): SQL => {
	const node = sql.raw(name);
	return sql`
		with recursive path as (
			select ${node}.id as id, ${node}.parent_id as parent_id, ${node}.project_id as project_id, 0 as height
			union all
			select above.id, above.parent_id, above.project_id, path.height + 1
			from path join plan_nodes above on above.id = path.parent_id
		)
		select path.id as blocked_id, path.height, blocker.upstream_id
		from path cross join lateral (${directBlockersOf("path", assumed)}) blocker`;
};
