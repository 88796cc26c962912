import type { Comment, CreateCommentInput } from "@agentplanner/contracts";
import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, apiQueries, nothing } from "../lib/api-client.ts";

/** What is commented on. */
export type CommentPlace = { projectId: string; planId: string; nodeId: string | null };

const page = (cursor: string | undefined) => ({ query: { limit: 20, ...(cursor === undefined ? {} : { cursor }) }, headers: {} });
const paged = {
	initialPageParam: undefined as string | undefined,
	getNextPageParam: ({ next_cursor }: { next_cursor: string | null }) => next_cursor ?? undefined,
};

export const nodeCommentsQuery = (projectId: string, nodeId: string) =>
	infiniteQueryOptions(
		apiQueries.comments.listNodeComments.infiniteOptions({
			input: (cursor: string | undefined) => ({ params: { projectId, nodeId }, ...page(cursor) }),
			...paged,
		}),
	);

export const planCommentsQuery = (projectId: string, planId: string) =>
	infiniteQueryOptions(
		apiQueries.comments.listPlanComments.infiniteOptions({
			input: (cursor: string | undefined) => ({ params: { projectId, planId }, ...page(cursor) }),
			...paged,
		}),
	);

/** Of every comment list of the project. */
export const commentsKeys = (projectId: string) => [
	apiQueries.comments.listNodeComments.key({ input: { params: { projectId } } }),
	apiQueries.comments.listPlanComments.key({ input: { params: { projectId } } }),
];

export const createComment = (
	{ projectId, planId, nodeId }: CommentPlace,
	body: CreateCommentInput,
	idempotencyKey: string,
): Promise<Comment> => {
	const parts = { query: {}, headers: { "idempotency-key": idempotencyKey }, body };
	return nodeId === null
		? api.comments.createPlanComment({ params: { projectId, planId }, ...parts })
		: api.comments.createNodeComment({ params: { projectId, nodeId }, ...parts });
};

export const updateComment = ({ project_id: projectId, id: commentId, version }: Comment, text: string) =>
	api.comments.updateComment({ params: { projectId, commentId }, query: {}, headers: { "if-match": `"${version}"` }, body: { text } });

const paramsOf = ({ project_id: projectId, id: commentId }: Comment) => ({ params: { projectId, commentId }, ...nothing });

export const deleteComment = (comment: Comment) => api.comments.deleteComment(paramsOf(comment));

export const resolveComment = (comment: Comment) => api.comments.resolveComment(paramsOf(comment));

export const reopenComment = (comment: Comment) => api.comments.reopenComment(paramsOf(comment));
