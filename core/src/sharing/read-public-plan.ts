import type { PublicPlan } from "@agentplanner/contracts";
import { and, asc, eq, getTableColumns, isNull, planNodes, plans, sql } from "@agentplanner/db";
import type { Context, ProjectContext } from "../context.ts";
import { DomainError } from "../errors.ts";
import { isLiveNode } from "../plans/live-nodes.ts";
import { progressIn, readProgress } from "../plans/progress.ts";
import { publicKeys } from "./public-link.ts";

/** What a public link shows, to whoever has it. Throws DomainError `not_found` for a link that is none (any more). */
export const readPublicPlan = async (ctx: Context, key: string): Promise<PublicPlan> => {
	// no authorize: the key is the right to see it
	const linkId = publicKeys.read(ctx.keys, key);
	const [plan] = linkId
		? await ctx.db
				.select({ ...getTableColumns(plans), updatedAt: shownSince })
				.from(plans)
				.where(and(eq(plans.publicLinkId, linkId), isNull(plans.deletedAt)))
		: [];
	if (!plan) throw new DomainError("not_found", "This link leads nowhere (any more). Ask whoever gave it to you for a new one.");
	const inProject = { ...ctx, projectId: plan.projectId };
	const [nodes, progress] = await Promise.all([readNodes(inProject, plan.id), readProgress(inProject, [plan.id], { nodes: true })]);
	const { title, description, status, updatedAt } = plan;
	return {
		title,
		description,
		status,
		updated_at: updatedAt.toISOString(),
		progress: progressIn(progress, plan.id),
		nodes: nodes.map((node) => ({ ...node, progress: progress.get(node.id) ?? null })),
	};
};

/** Of what is shown: what is said and asked in the plan is nobody's business here. What was deleted counts by the moment it went. */
const shownSince = sql<Date>`greatest(${plans.updatedAt}, (
	select max(node.updated_at) from plan_nodes node where node.plan_id = plans.id
))`.mapWith(plans.updatedAt);

const readNodes = ({ db, projectId }: ProjectContext, planId: string) =>
	db
		.select({
			id: planNodes.id,
			parent_id: planNodes.parentId,
			kind: planNodes.kind,
			title: planNodes.title,
			status: planNodes.status,
		})
		.from(planNodes)
		.where(and(eq(planNodes.projectId, projectId), eq(planNodes.planId, planId), isLiveNode))
		.orderBy(sql`${planNodes.parentId} nulls first`, asc(planNodes.position), asc(planNodes.id));
