import type { Comment, UpdateCommentInput } from "@agentplanner/contracts";
import { and, eq, isNull, planComments, sql } from "@agentplanner/db";
import { inTransaction, type ProjectContext } from "../context.ts";
import { emit } from "../emit.ts";
import { ForbiddenError } from "../errors.ts";
import { assertVersion, lostRace } from "../version.ts";
import { authorizeComment } from "./authorize-comment.ts";
import { isAuthor } from "./is-author.ts";
import { emitMentions, findMentions } from "./mentions.ts";
import { presentComment } from "./present.ts";

/**
 * Changes what one wrote; the same text changes nothing. Throws NotFoundError, ForbiddenError for somebody else's comment, and
 * PreconditionFailedError when it is no longer at `expectedVersion` (null: whatever it is at; then ConflictError when it is changed at
 * the same moment).
 */
export const updateComment = async (
	ctx: ProjectContext,
	commentId: string,
	{ text }: UpdateCommentInput,
	expectedVersion: number | null,
): Promise<Comment> =>
	inTransaction(ctx, async (tx) => {
		const comment = await authorizeComment(tx, "comments:write", commentId);
		if (!isAuthor(tx.actor, comment)) throw new ForbiddenError("Only who wrote a comment can change it. Answer it instead.");
		assertVersion(comment.version, expectedVersion);
		if (text === comment.text) return presentComment(comment);
		const [updated] = await tx.db
			.update(planComments)
			.set({
				text,
				mentions: await findMentions(tx, comment.planId, text),
				editedAt: sql`now()`,
				updatedAt: sql`now()`,
				version: comment.version + 1,
			})
			.where(and(eq(planComments.id, comment.id), eq(planComments.version, comment.version), isNull(planComments.deletedAt)))
			.returning();
		if (!updated) throw lostRace("comment", expectedVersion);
		emit(tx, {
			type: "comment.edited",
			subjectId: comment.id,
			data: { plan_id: comment.planId, node_id: comment.nodeId, version: updated.version },
		});
		emitMentions(tx, updated, comment.mentions);
		return presentComment(updated);
	});
