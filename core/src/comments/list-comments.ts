import type { CommentThread } from "@agentplanner/contracts";
import { and, asc, desc, eq, inArray, isNull, lt, or, planComments, sql } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { cursorId, type PageInput, toPage } from "../pagination.ts";
import { authorizePlace, type CommentPlace } from "./comment-place.ts";
import { presentThread } from "./present.ts";

/** One page of the threads on a node, or on a plan as a whole, newest first, each with its replies in order. */
export const listComments = async (
	ctx: ProjectContext,
	place: CommentPlace,
	input: PageInput,
): Promise<{ items: CommentThread[]; next_cursor: string | null }> => {
	const { planId, nodeId } = await authorizePlace(ctx, "activity:read", place);
	const before = cursorId(input);
	const hasReplies = sql`exists (select from plan_comments reply where reply.parent_id = ${planComments.id} and reply.deleted_at is null)`;
	const roots = await ctx.db
		.select()
		.from(planComments)
		.where(
			and(
				nodeId === null ? and(eq(planComments.planId, planId), isNull(planComments.nodeId)) : eq(planComments.nodeId, nodeId),
				isNull(planComments.parentId),
				or(isNull(planComments.deletedAt), hasReplies),
				before === null ? undefined : lt(planComments.id, before),
			),
		)
		.orderBy(desc(planComments.id))
		.limit(input.limit + 1);
	const replies = await readReplies(
		ctx,
		roots.map(({ id }) => id),
	);
	return toPage(roots, input.limit, (root) => presentThread(root, replies.get(root.id) ?? []));
};

const readReplies = async ({ db }: ProjectContext, ids: string[]) => {
	const rows =
		ids.length === 0
			? []
			: await db
					.select()
					.from(planComments)
					.where(and(inArray(planComments.parentId, ids), isNull(planComments.deletedAt)))
					.orderBy(asc(planComments.id));
	return Map.groupBy(rows, ({ parentId }) => parentId);
};
