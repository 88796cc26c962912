import { z } from "zod";
import { endpoint, IdempotencyHeaders, IfMatchHeaders } from "./endpoint.ts";
import { NodeParams } from "./plan-nodes.ts";
import { PlanParams } from "./plans.ts";
import { ProjectParams } from "./projects.ts";
import { Id, page, requiredText, Timestamp, Version } from "./values.ts";

/** Most replies one comment takes, so that a thread is read as a whole. */
export const maxReplies = 100;

/** Somebody whom a text names by `@` and their name, as they were called when it was written. */
export const Mention = z.strictObject({ kind: z.enum(["user", "agent"]), id: Id, name: z.string() });
export type Mention = z.infer<typeof Mention>;

export const Comment = z.strictObject({
	id: Id,
	project_id: Id,
	plan_id: Id,
	/** Null: about the plan as a whole. */
	node_id: Id.nullable(),
	/** The comment it answers; null for one that begins a thread. */
	parent_id: Id.nullable(),
	/** Markdown; untrusted where an agent wrote it. Empty once it is deleted. */
	text: z.string(),
	mentions: z.array(Mention),
	written_by: z.string(),
	written_by_user_id: Id.nullable(),
	written_by_agent_id: Id.nullable(),
	edited_at: Timestamp.nullable(),
	/** When its thread was settled; only of one that begins a thread. */
	resolved_at: Timestamp.nullable(),
	resolved_by: z.string().nullable(),
	/** A deleted comment is still shown, without its text, where others answered it. */
	deleted_at: Timestamp.nullable(),
	version: Version,
	created_at: Timestamp,
	updated_at: Timestamp,
});
export type Comment = z.infer<typeof Comment>;

/** A comment and what was answered, in order. */
export const CommentThread = Comment.extend({ replies: z.array(Comment) });
export type CommentThread = z.infer<typeof CommentThread>;

const commentText = requiredText(10_000).describe("Markdown. `@` and a member's or agent's name mentions them; nobody is asked by it.");

export const CreateCommentInput = z
	.strictObject({ text: commentText, parent_id: Id.nullable().default(null).describe("The comment to answer, which begins its thread") })
	.meta({ examples: [{ text: "Is the date still right, @Grace Hopper?" }] });
export type CreateCommentInput = z.infer<typeof CreateCommentInput>;

export const UpdateCommentInput = z.strictObject({ text: commentText }).meta({ examples: [{ text: "Is the **new** date right?" }] });
export type UpdateCommentInput = z.infer<typeof UpdateCommentInput>;

export const CommentParams = ProjectParams.extend({ commentId: Id });

/** A page of threads holds all their replies. */
const ThreadsQuery = z.strictObject({
	limit: z.coerce.number().int().min(1).max(50).default(20).describe("How many threads at most"),
	cursor: Id.optional().describe("`next_cursor` of the page before"),
});

const create = { headers: IdempotencyHeaders, body: CreateCommentInput, output: Comment, status: 201 } as const;

export const comments = {
	createNodeComment: endpoint({
		method: "POST",
		path: "/projects/{projectId}/nodes/{nodeId}/comments",
		summary: "Comment on a node, or answer a comment on it",
		description: `A thread takes ${maxReplies} replies; then it is a 409. Who is mentioned is worked out now and kept.`,
		tag: "comments",
		params: NodeParams,
		...create,
		refuses: ["conflict", "unprocessable"],
	}),
	createPlanComment: endpoint({
		method: "POST",
		path: "/projects/{projectId}/plans/{planId}/comments",
		summary: "Comment on a plan as a whole, or answer a comment on it",
		tag: "comments",
		params: PlanParams,
		...create,
		refuses: ["conflict", "unprocessable"],
	}),
	listNodeComments: endpoint({
		method: "GET",
		path: "/projects/{projectId}/nodes/{nodeId}/comments",
		summary: "The threads on a node, newest first, with their replies",
		tag: "comments",
		params: NodeParams,
		query: ThreadsQuery,
		output: page(CommentThread),
	}),
	listPlanComments: endpoint({
		method: "GET",
		path: "/projects/{projectId}/plans/{planId}/comments",
		summary: "The threads on a plan as a whole, newest first, with their replies",
		tag: "comments",
		params: PlanParams,
		query: ThreadsQuery,
		output: page(CommentThread),
	}),
	updateComment: endpoint({
		method: "PATCH",
		path: "/projects/{projectId}/comments/{commentId}",
		summary: "Change what one wrote",
		description: "Only its author may. Who is mentioned is worked out anew.",
		tag: "comments",
		params: CommentParams,
		headers: IfMatchHeaders,
		body: UpdateCommentInput,
		output: Comment,
		refuses: ["conflict"],
	}),
	deleteComment: endpoint({
		method: "DELETE",
		path: "/projects/{projectId}/comments/{commentId}",
		summary: "Delete a comment; its author may, and an admin",
		tag: "comments",
		params: CommentParams,
		output: z.strictObject({}),
		refuses: ["conflict"],
	}),
	resolveComment: endpoint({
		method: "POST",
		path: "/projects/{projectId}/comments/{commentId}/resolve",
		summary: "Settle a thread",
		tag: "comments",
		params: CommentParams,
		output: Comment,
		refuses: ["conflict", "unprocessable"],
	}),
	reopenComment: endpoint({
		method: "POST",
		path: "/projects/{projectId}/comments/{commentId}/reopen",
		summary: "Take a settled thread up again",
		tag: "comments",
		params: CommentParams,
		output: Comment,
		refuses: ["conflict", "unprocessable"],
	}),
};
