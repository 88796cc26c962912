import type { Comment } from "@agentplanner/contracts";
import { and, eq, isNotNull, isNull, planComments, sql } from "@agentplanner/db";
import { authorOf } from "../author.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { UnprocessableError } from "../errors.ts";
import { authorizeComment } from "./authorize-comment.ts";
import { presentComment } from "./present.ts";

/** Settles the thread that this comment begins; one that is settled stays as it is. Throws NotFoundError, and UnprocessableError for a reply. */
export const resolveComment = (ctx: ProjectContext, commentId: string): Promise<Comment> => settle(ctx, commentId, true);

/** Takes a settled thread up again; an open one stays as it is. Throws NotFoundError, and UnprocessableError for a reply. */
export const reopenComment = (ctx: ProjectContext, commentId: string): Promise<Comment> => settle(ctx, commentId, false);

const settle = (ctx: ProjectContext, commentId: string, resolved: boolean): Promise<Comment> =>
	inTransaction(ctx, async (tx) => {
		const comment = await authorizeComment(tx, "comments:write", commentId);
		if (comment.parentId !== null)
			throw new UnprocessableError("A reply can't be settled alone. Settle the thread: the comment that it answers.");
		const { writtenBy: resolvedBy, writtenByUserId: resolvedByUserId, writtenByAgentId: resolvedByAgentId } = authorOf(tx.actor);
		const nobody = { resolvedAt: null, resolvedBy: null, resolvedByUserId: null, resolvedByAgentId: null };
		const [changed] = await tx.db
			.update(planComments)
			.set({
				...(resolved ? { resolvedAt: sql`now()`, resolvedBy, resolvedByUserId, resolvedByAgentId } : nobody),
				updatedAt: sql`now()`,
				version: sql`${planComments.version} + 1`,
			})
			.where(
				and(
					eq(planComments.id, comment.id),
					isNull(planComments.deletedAt),
					resolved ? isNull(planComments.resolvedAt) : isNotNull(planComments.resolvedAt),
				),
			)
			.returning();
		// It is so already, or somebody was faster.
		if (!changed) return presentComment(await authorizeComment(tx, "comments:write", commentId));
		emit(tx, {
			type: resolved ? "comment.resolved" : "comment.reopened",
			subjectId: comment.id,
			data: { plan_id: comment.planId, node_id: comment.nodeId },
		});
		return presentComment(changed);
	});
