import { type Comment, type CreateCommentInput, maxReplies } from "@agentplanner/contracts";
import { and, count, eq, isNull, planComments } from "@agentplanner/db";
import { authorOf } from "../author.ts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { ConflictError, UnprocessableError } from "../errors.ts";
import { keepNode } from "../plans/lock-nodes.ts";
import { authorizePlace, type CommentPlace } from "./comment-place.ts";
import { emitMentions, findMentions } from "./mentions.ts";
import { presentComment } from "./present.ts";

/**
 * Says something about a node or a plan, or answers what somebody said there. Throws as `authorizePlan` does, UnprocessableError for a
 * parent that begins no thread of that place, and ConflictError where its thread is full.
 */
export const createComment = async (ctx: ProjectContext, place: CommentPlace, input: CreateCommentInput): Promise<Comment> => {
	const { planId, nodeId } = await authorizePlace(ctx, "comments:write", place);
	return inTransaction(ctx, async (tx) => {
		if (nodeId !== null) await keepNode(tx, nodeId);
		if (input.parent_id !== null) await assertRoomBelow(tx, { planId, nodeId }, input.parent_id);
		const [row] = await tx.db
			.insert(planComments)
			.values({
				projectId: tx.projectId,
				planId,
				nodeId,
				parentId: input.parent_id,
				text: input.text,
				mentions: await findMentions(tx, planId, input.text),
				...authorOf(tx.actor),
			})
			.returning();
		if (!row) throw new Error("The insert returned no comment.");
		emit(tx, { type: "comment.created", subjectId: row.id, data: { plan_id: planId, node_id: nodeId, parent_id: row.parentId } });
		emitMentions(tx, row);
		return presentComment(row);
	});
};

/** Locks the thread, so that two replies at once are counted one after the other. */
const assertRoomBelow = async (tx: Tx<ProjectContext>, place: { planId: string; nodeId: string | null }, parentId: string) => {
	const refuse = (message: string) =>
		new UnprocessableError("There is no such thread to answer in.", [{ field: "body.parent_id", message }]);
	const [parent] = await tx.db
		.select()
		.from(planComments)
		.where(and(eq(planComments.projectId, tx.projectId), eq(planComments.id, parentId), isNull(planComments.deletedAt)))
		.for("update");
	if (parent?.planId !== place.planId || parent.nodeId !== place.nodeId) throw refuse("is not a comment of this place");
	if (parent.parentId !== null) throw refuse("answers another comment: name the one that begins the thread");
	const [replies] = await tx.db
		.select({ count: count() })
		.from(planComments)
		.where(and(eq(planComments.parentId, parent.id), isNull(planComments.deletedAt)));
	if ((replies?.count ?? 0) >= maxReplies)
		throw new ConflictError(`This thread has ${maxReplies} replies, and takes no more. Begin a new one.`);
};
