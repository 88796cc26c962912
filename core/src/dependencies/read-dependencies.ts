import type { LinkedNode } from "@agentplanner/contracts";
import { and, desc, eq, lt, planNodeDependencies, type SQL, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { cursorId, type PageInput, toPage } from "../pagination.ts";
import { inVisiblePlan } from "../plans/authorize-plan.ts";
import { readLinkedNodes } from "./linked-node.ts";

type Row = typeof planNodeDependencies.$inferSelect;

/** One page of the dependencies that match, newest first; only those whose both ends are there and the caller sees. */
export const readDependencies = async <Item>(
	ctx: ProjectContext,
	matching: SQL,
	query: PageInput,
	present: (row: Row, nodes: { upstream: LinkedNode; downstream: LinkedNode }) => Item,
): Promise<{ items: Item[]; next_cursor: string | null }> => {
	const before = cursorId(query);
	const { projectId, upstreamId, downstreamId } = planNodeDependencies;
	const rows = await ctx.db
		.select()
		.from(planNodeDependencies)
		.where(
			and(
				eq(projectId, ctx.projectId),
				matching,
				before === null ? undefined : lt(planNodeDependencies.id, before),
				sql`(
					select count(*) from plan_nodes node
					where node.id in (${upstreamId}, ${downstreamId}) and node.deleted_at is null and ${inVisiblePlan(ctx, sql`node.plan_id`)}
				) = 2`,
			),
		)
		.orderBy(desc(planNodeDependencies.id))
		.limit(query.limit + 1);
	const page = toPage(rows, query.limit, (row) => row);
	const nodes = await readLinkedNodes(
		ctx,
		page.items.flatMap((row) => [row.upstreamId, row.downstreamId]),
	);
	const items = page.items.flatMap((row) => {
		const [upstream, downstream] = [nodes.get(row.upstreamId), nodes.get(row.downstreamId)];
		return upstream === undefined || downstream === undefined ? [] : [present(row, { upstream, downstream })];
	});
	return { items, next_cursor: page.next_cursor };
};
