import type { DeletedNode, NodeKind } from "@agentplanner/contracts";
import { sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { cursorId, type PageInput, toPage } from "../pagination.ts";
import { authorizePlan } from "./authorize-plan.ts";
import { keptAfterDeletion } from "./bin.ts";
import { maxDepth } from "./parent.ts";

type Row = { id: string; kind: NodeKind; title: string; parent_id: string | null; nodes: number; deleted_at: string; kept_until: string };

/** What was deleted from the plan, each with what went along with it, the newest nodes first. Throws NotFoundError without the plan. */
export const listDeletedNodes = async (ctx: ProjectContext, planId: string, page: PageInput) => {
	await authorizePlan(ctx, "plans:read", planId);
	const cursor = cursorId(page);
	const { rows } = await ctx.db.execute<Row>(sql`
		select top.id, top.kind, top.title, top.parent_id, top.deleted_at::text,
			(top.deleted_at + ${keptAfterDeletion})::text as kept_until, (
			with recursive below as (
				select top.id, 1 as level
				union all
				select node.id, below.level + 1 from plan_nodes node join below on node.parent_id = below.id
				where node.plan_id = top.plan_id and node.deletion_id = top.deletion_id and below.level < ${maxDepth}
			)
			select count(*)::integer from below
		) as nodes
		from plan_nodes top
		where top.project_id = ${ctx.projectId} and top.plan_id = ${planId} and top.deleted_at is not null
			and not exists (select from plan_nodes parent where parent.id = top.parent_id and parent.deletion_id = top.deletion_id)
			and (${cursor}::uuid is null or top.id < ${cursor}::uuid)
		order by top.id desc
		limit ${page.limit + 1}`);
	return toPage(
		rows,
		page.limit,
		({ deleted_at, kept_until, ...row }): DeletedNode => ({
			...row,
			deleted_at: toTimestamp(deleted_at),
			kept_until: toTimestamp(kept_until),
		}),
	);
};

const toTimestamp = (text: string): string => new Date(text).toISOString();
