import { z } from "zod";
import { Delivery } from "./deliveries.ts";
import { endpoint, IdempotencyHeaders } from "./endpoint.ts";
import { ClimbedStep, Ladder, RequestLadder } from "./ladder.ts";
import { ContextSnapshot } from "./messages.ts";
import { ProjectParams } from "./projects.ts";
import { AgentResponse, ProgressInput, RespondInput } from "./responses.ts";
import { Id, PageQuery, page, requiredText, Timestamp, text } from "./values.ts";

export const requestStatuses = [
	"queued",
	"dispatched",
	"working",
	"input_required",
	"completed",
	"rejected",
	"failed",
	"expired",
	"cancelled",
] as const;
export const RequestStatus = z.enum(requestStatuses);
export type RequestStatus = z.infer<typeof RequestStatus>;

/** A request in one of these still waits for something; in every other it has ended. */
export const openRequestStatuses = ["queued", "dispatched", "working", "input_required"] as const satisfies readonly RequestStatus[];
export const isOpenRequest = (status: RequestStatus): boolean => (openRequestStatuses as readonly string[]).includes(status);

/** When a request counts as answered. Counted are agents, never deliveries. */
export const AnswerPolicy = z.discriminatedUnion("kind", [
	z.strictObject({ kind: z.literal("first") }),
	z.strictObject({ kind: z.literal("all") }),
	z.strictObject({ kind: z.literal("quorum"), count: z.int().min(1).max(20) }),
]);
export type AnswerPolicy = z.infer<typeof AnswerPolicy>;

/** Whom to ask: an agent (reached by its routes), or one route directly. */
export const RequestTarget = z.union([
	z.strictObject({ agent_id: Id }),
	z.strictObject({ integration_id: Id, address: text(500).default("") }),
]);
export type RequestTarget = z.infer<typeof RequestTarget>;

/** Why a request or delivery is where it is, and what to do about it. */
export const Reason = z.strictObject({ code: z.string(), message: z.string(), remedy: z.string() });
export type Reason = z.infer<typeof Reason>;

export const AgentRequest = z.strictObject({
	id: Id,
	project_id: Id,
	plan_id: Id,
	node_id: Id,
	question: z.string(),
	status: RequestStatus,
	reason: Reason.nullable(),
	answer_policy: AnswerPolicy,
	targets: z.array(RequestTarget),
	/** The agent's last word while it works. */
	progress: z.string().nullable(),
	/** What the agent asked, while the status is `input_required`. */
	input_question: z.string().nullable(),
	asked_by: z.string(),
	deadline_at: Timestamp,
	/** What happens while nobody answers; null where nothing does before the deadline. */
	ladder: RequestLadder.nullable(),
	dispatched_at: Timestamp.nullable(),
	closed_at: Timestamp.nullable(),
	created_at: Timestamp,
	updated_at: Timestamp,
});
export type AgentRequest = z.infer<typeof AgentRequest>;

const Named = z.strictObject({ id: Id, title: z.string() });

/** A request as people read it in lists and on its page: with the names of what it is about, and how its deliveries stand. */
export const RequestOverview = AgentRequest.extend({
	plan: Named,
	node: Named,
	/** Names of the agents and channels that are asked. */
	asked: z.array(z.string()),
	/** Of its questions, not of replies. */
	deliveries: z.strictObject({
		total: z.int(),
		arrived: z.int(),
		/** Still under way, after an attempt that failed or is unclear. */
		retrying: z.int(),
		/** Waiting because their integration is disabled or rests. */
		held: z.int(),
	}),
});
export type RequestOverview = z.infer<typeof RequestOverview>;

/** A person's reply to an agent's question. */
export const RequestReply = z.strictObject({ delivery_id: Id, text: z.string(), from: z.string(), replied_at: Timestamp });
export type RequestReply = z.infer<typeof RequestReply>;

export const AgentRequestDetail = z.strictObject({
	request: RequestOverview,
	context: ContextSnapshot.nullable(),
	deliveries: z.array(Delivery),
	responses: z.array(AgentResponse),
	replies: z.array(RequestReply),
	/** What its ladder has done so far, in order. */
	climbed: z.array(ClimbedStep),
});
export type AgentRequestDetail = z.infer<typeof AgentRequestDetail>;

export const CreateRequestInput = z
	.strictObject({
		node_id: Id,
		question: requiredText(20_000),
		/** Empty: the plan's routes, else, unless it is private, the project's default routes. */
		targets: z.array(RequestTarget).max(20).default([]),
		answer_policy: AnswerPolicy.default({ kind: "first" }),
		/** Default: seven days from now. */
		deadline_at: Timestamp.optional(),
		/** Default: that of the first asked agent which has its own, else the project's. */
		ladder: Ladder.optional(),
	})
	.meta({ examples: [{ node_id: "019b2c5e-7d1a-7c43-9a57-2f7f8e0f6b11", question: "Which headline would you choose?" }] });
export type CreateRequestInput = z.infer<typeof CreateRequestInput>;

/** What would be sent, and where it would go. */
export const RequestPreview = z.strictObject({
	context: ContextSnapshot,
	destinations: z.array(
		z.strictObject({
			agent: z.strictObject({ id: Id, name: z.string() }).nullable(),
			integration_id: Id,
			integration_name: z.string(),
			adapter: z.string(),
			address: z.string(),
			/** Where the route came from. */
			source: z.enum(["request", "agent", "plan", "project"]),
			/** Why it would wait there, e.g. a disabled integration; null when it would go at once. */
			held: Reason.nullable(),
		}),
	),
	/** Why it could not be sent at all, with the remedy; null when it can. */
	problem: Reason.nullable(),
});
export type RequestPreview = z.infer<typeof RequestPreview>;

export const PreviewRequestInput = CreateRequestInput.pick({ node_id: true, targets: true });
export type PreviewRequestInput = z.infer<typeof PreviewRequestInput>;

export const ReplyInput = z
	.strictObject({ text: requiredText(20_000) })
	.meta({ examples: [{ text: "The one with the shared workspaces." }] });
export type ReplyInput = z.infer<typeof ReplyInput>;

/** Where a request's page is. */
export const requestPath = ({ projectId, requestId }: Record<"projectId" | "requestId", string>) =>
	`/projects/${projectId}/requests/${requestId}`;

export const RequestParams = ProjectParams.extend({ requestId: Id });

export const requests = {
	createRequest: endpoint({
		method: "POST",
		path: "/projects/{projectId}/requests",
		summary: "Ask Agent: record a request and deliver it",
		tag: "requests",
		params: ProjectParams,
		headers: IdempotencyHeaders,
		body: CreateRequestInput,
		output: AgentRequest,
		status: 202,
		refuses: ["unprocessable"],
	}),
	previewRequest: endpoint({
		method: "POST",
		path: "/projects/{projectId}/requests/preview",
		summary: "See the context and destinations before asking",
		tag: "requests",
		params: ProjectParams,
		body: PreviewRequestInput,
		output: RequestPreview,
		refuses: ["unprocessable"],
	}),
	listRequests: endpoint({
		method: "GET",
		path: "/projects/{projectId}/requests",
		summary: "Requests, newest first",
		tag: "requests",
		params: ProjectParams,
		query: PageQuery.extend({ node_id: Id.optional(), status: RequestStatus.optional() }),
		output: page(RequestOverview),
	}),
	getRequest: endpoint({
		method: "GET",
		path: "/projects/{projectId}/requests/{requestId}",
		summary: "A request with its deliveries, attempts and answers",
		tag: "requests",
		params: RequestParams,
		output: AgentRequestDetail,
	}),
	cancelRequest: endpoint({
		method: "POST",
		path: "/projects/{projectId}/requests/{requestId}/cancel",
		summary: "Cancel an open request",
		tag: "requests",
		params: RequestParams,
		output: AgentRequest,
		refuses: ["conflict"],
	}),
	respondToRequest: endpoint({
		method: "POST",
		path: "/projects/{projectId}/requests/{requestId}/responses",
		summary: "Answer, decline, ask back, ask for a decision or say working (people, or an agent with its reply token)",
		tag: "requests",
		params: RequestParams,
		headers: IdempotencyHeaders,
		body: RespondInput,
		output: z.strictObject({ response: AgentResponse.nullable(), decision_id: Id.nullable(), request_status: RequestStatus }),
		status: 202,
		refuses: ["conflict", "unprocessable"],
	}),
	acknowledgeRequest: endpoint({
		method: "POST",
		path: "/projects/{projectId}/requests/{requestId}/acknowledge",
		summary: "Say that the request was seen and is worked on",
		tag: "requests",
		params: RequestParams,
		output: AgentRequest,
		refuses: ["conflict"],
	}),
	reportProgress: endpoint({
		method: "POST",
		path: "/projects/{projectId}/requests/{requestId}/progress",
		summary: "Say how far the work is",
		tag: "requests",
		params: RequestParams,
		body: ProgressInput,
		output: AgentRequest,
		refuses: ["conflict"],
	}),
	replyToAgent: endpoint({
		method: "POST",
		path: "/projects/{projectId}/requests/{requestId}/replies",
		summary: "Reply to the agent's question",
		tag: "requests",
		params: RequestParams,
		headers: IdempotencyHeaders,
		body: ReplyInput,
		output: RequestReply,
		status: 202,
		refuses: ["conflict"],
	}),
};
