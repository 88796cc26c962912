import type { NodeReadiness } from "@agentplanner/contracts";
import { sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { authorizeNode } from "../plans/authorize-plan.ts";
import { blockersOf } from "./finished.ts";
import { inOrder, readLinkedNodes } from "./linked-node.ts";

const mostShown = 20;

/** Whether a node may begin, and what it waits for: first what blocks the node itself, then what blocks those above it. Throws NotFoundError. */
export const getReadiness = async (ctx: ProjectContext, nodeId: string): Promise<NodeReadiness> => {
	const { id } = await authorizeNode(ctx, "plans:read", nodeId);
	const { rows } = await ctx.db.execute<{ blocked_id: string; title: string; upstream_id: string }>(sql`
		select blocker.blocked_id, blocked.title, blocker.upstream_id
		from plan_nodes node cross join lateral (${blockersOf("node")}) blocker
		join plan_nodes blocked on blocked.id = blocker.blocked_id
		where node.project_id = ${ctx.projectId} and node.id = ${id}
		order by blocker.height, blocker.upstream_id`);
	const nodes = await readLinkedNodes(
		ctx,
		rows.map(({ upstream_id }) => upstream_id),
	);
	const seen = rows.flatMap(({ blocked_id, title, upstream_id }) =>
		inOrder(nodes, [upstream_id]).map((node) => ({ node, through: blocked_id === id ? null : { id: blocked_id, title } })),
	);
	return {
		ready: rows.length === 0,
		waiting_for: seen.slice(0, mostShown),
		waiting_count: rows.length,
		hidden_count: rows.length - seen.length,
	};
};
