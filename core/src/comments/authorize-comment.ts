import type { Action } from "@agentplanner/contracts";
import { and, eq, isNull, planComments } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { NotFoundError } from "../errors.ts";
import { authorizeMissing } from "../plans/authorize-plan.ts";
import { authorizePlace } from "./comment-place.ts";
import type { CommentRow } from "./present.ts";

/**
 * Passes whoever may do it in the comment's plan, and answers with the comment. Throws as `authorizePlan` does; NotFoundError also for a
 * deleted one.
 */
export const authorizeComment = async (ctx: ProjectContext, action: Action, commentId: string): Promise<CommentRow> => {
	const [comment] = await ctx.db
		.select()
		.from(planComments)
		.where(and(eq(planComments.projectId, ctx.projectId), eq(planComments.id, commentId), isNull(planComments.deletedAt)));
	if (!comment) return authorizeMissing(ctx, action, "comment");
	await authorizePlace(ctx, action, comment.nodeId === null ? { planId: comment.planId } : { nodeId: comment.nodeId }).catch(asComment);
	return comment;
};

/** A comment in a plan that one can't see is told apart from none by nothing. */
const asComment = (error: unknown): never => {
	throw error instanceof NotFoundError ? new NotFoundError("comment") : error;
};
