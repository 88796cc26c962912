import type { PublicPlan } from "@agentplanner/contracts";
import { and, asc, eq, planNodes, sql } from "@agentplanner/db";
import type { Context, ProjectContext } from "../context.ts";
import { DomainError } from "../errors.ts";
import { isLiveNode } from "../plans/live-nodes.ts";
import { progressIn, readProgress } from "../plans/progress.ts";
import { findPublicPlan } from "./find-public-plan.ts";

/** What a public link shows, to whoever has it. Throws DomainError `not_found` for a link that is none (any more). */
export const readPublicPlan = async (ctx: Context, key: string): Promise<PublicPlan> => {
	const plan = await findPublicPlan(ctx, key);
	if (!plan) throw new DomainError("not_found", "This link leads nowhere (any more). Ask whoever gave it to you for a new one.");
	const inProject = { ...ctx, projectId: plan.projectId };
	const [nodes, progress] = await Promise.all([readNodes(inProject, plan.id), readProgress(inProject, [plan.id], { nodes: true })]);
	const { title, description, status, shownSince } = plan;
	return {
		title,
		description,
		status,
		updated_at: shownSince.toISOString(),
		progress: progressIn(progress, plan.id),
		nodes: nodes.map((node) => ({ ...node, progress: progress.get(node.id) ?? null })),
	};
};

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
