import { and, eq, isNull, planComments, sql } from "@agentplanner/db";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { lostRace } from "../version.ts";
import { authorizeComment } from "./authorize-comment.ts";
import { isAuthor } from "./is-author.ts";

/** Takes a comment away; answers to it stay. Throws NotFoundError, ForbiddenError unless it is one's own or one is an admin, and ConflictError for who comes second. */
export const deleteComment = (ctx: ProjectContext, commentId: string): Promise<void> =>
	inTransaction(ctx, async (tx) => {
		const comment = await authorizeComment(tx, "comments:write", commentId);
		if (!isAuthor(tx.actor, comment)) await authorizeComment(tx, "comments:moderate", commentId);
		const [deleted] = await tx.db
			.update(planComments)
			.set({ deletedAt: sql`now()`, updatedAt: sql`now()`, version: sql`${planComments.version} + 1` })
			.where(and(eq(planComments.id, comment.id), isNull(planComments.deletedAt)))
			.returning({ id: planComments.id });
		if (!deleted) throw lostRace("comment", null);
		emit(tx, { type: "comment.deleted", subjectId: comment.id, data: { plan_id: comment.planId, node_id: comment.nodeId } });
	});
