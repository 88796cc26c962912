import type { Action } from "@agentplanner/contracts";
import { and, eq, getTableColumns, isNull, or, planComments, planNodes, plans, sql } from "@agentplanner/db";
import { type ProjectContext, userIdOf } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import { assertMayInPlan, readProjectRole, sharedRole } from "../plans/authorize-plan.ts";
import { isLiveNode } from "../plans/live-nodes.ts";
import type { CommentRow } from "./present.ts";

/** Passes whoever may do it in the comment's plan, and answers with the comment. Throws as `authorizePlan` does; NotFoundError also for a deleted one. */
export const authorizeComment = async (ctx: ProjectContext, action: Action, commentId: string): Promise<CommentRow> => {
	const [role, [found]] = await Promise.all([
		readProjectRole(ctx, action),
		ctx.db
			.select({ comment: planComments, plan: getTableColumns(plans), sharedRole: sharedRole(userIdOf(ctx.actor)) })
			.from(planComments)
			.innerJoin(plans, eq(plans.id, planComments.planId))
			.leftJoin(planNodes, eq(planNodes.id, planComments.nodeId))
			.where(
				and(
					eq(planComments.projectId, ctx.projectId),
					eq(planComments.id, commentId),
					isNull(planComments.deletedAt),
					or(isNull(planComments.nodeId), sql`${isLiveNode}`),
				),
			),
	]);
	assertMayInPlan(ctx.actor, action, role, found ? { ...found.plan, sharedRole: found.sharedRole } : null, "comment");
	if (!found) throw new NotFoundError("comment");
	return found.comment;
};
