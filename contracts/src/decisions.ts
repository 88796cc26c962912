import { z } from "zod";
import {
	DecisionOption,
	DecisionStatus,
	decisionOptions,
	ExpiryRule,
	notAnOption,
	Recommendation,
	recommendsAnOption,
	Urgency,
} from "./decision-terms.ts";
import { Delivery } from "./deliveries.ts";
import { endpoint, IdempotencyHeaders } from "./endpoint.ts";
import { ProjectParams } from "./projects.ts";
import { MessageTarget } from "./send-message.ts";
import { Id, PageQuery, page, requiredText, Timestamp, text } from "./values.ts";

const Named = z.strictObject({ id: Id, title: z.string() });

export const Decision = z.strictObject({
	id: Id,
	project_id: Id,
	plan: Named,
	node: Named,
	/** The request in which it came up, if there is one. */
	agent_request_id: Id.nullable(),
	question: z.string(),
	/** What one should know to decide; Markdown, untrusted where an agent asked. */
	details: z.string(),
	options: z.array(DecisionOption),
	recommendation: Recommendation.nullable(),
	urgency: Urgency,
	/** Who alone may decide; empty: whoever has the right to. */
	deciders: z.array(z.strictObject({ user_id: Id, name: z.string() })),
	status: DecisionStatus,
	on_expiry: ExpiryRule,
	expires_at: Timestamp.nullable(),
	/** When its deadline passed while it went on waiting. */
	lapsed_at: Timestamp.nullable(),
	asked_by: z.string(),
	/** The agent that asked; null where a person did. */
	asked_by_agent_id: Id.nullable(),
	/** The option it came to, by a person or by its deadline. */
	option_id: z.string().nullable(),
	/** What the person who decided said. */
	comment: z.string(),
	/** Who decided or cancelled it; null while it is pending, and where its deadline or its request's end did. */
	closed_by: z.string().nullable(),
	/** Where that was done: `web`, `api`, or an adapter's id. */
	closed_via: z.string().nullable(),
	closed_at: Timestamp.nullable(),
	created_at: Timestamp,
	updated_at: Timestamp,
});
export type Decision = z.infer<typeof Decision>;

/** A decision and the messages about it: to those who may decide, and to the agent that asked. */
export const DecisionDetail = z.strictObject({ decision: Decision, deliveries: z.array(Delivery) });
export type DecisionDetail = z.infer<typeof DecisionDetail>;

export const CreateDecisionInput = z
	.strictObject({
		node_id: Id,
		/** With an agent's own token: which request it came up in. */
		agent_request_id: Id.optional(),
		question: requiredText(2_000),
		details: text(20_000).default(""),
		options: decisionOptions,
		recommendation: Recommendation.nullable().default(null),
		urgency: Urgency.default("can_continue"),
		/** Members who alone may decide; empty: whoever has the right to. */
		decider_ids: z.array(Id).max(20).default([]),
		/** Where, or which members, are told of it; empty: the plan's routes, else, unless it is private, the project's default routes. */
		notify: z.array(MessageTarget).max(20).default([]),
		expires_at: Timestamp.optional(),
		on_expiry: ExpiryRule.default("wait"),
	})
	.refine(recommendsAnOption, notAnOption)
	.meta({ examples: [{ node_id: "019b2c5e-7d1a-7c43-9a57-2f7f8e0f6b11", question: "Publish the announcement?" }] });
export type CreateDecisionInput = z.infer<typeof CreateDecisionInput>;

export const DecideInput = z
	.strictObject({ option_id: z.string().min(1).max(40), comment: text(5_000).default("") })
	.meta({ examples: [{ option_id: "approve", comment: "Go ahead." }] });
export type DecideInput = z.infer<typeof DecideInput>;

/** Where a decision was made (`closed_via`), for people. */
export const viaName = (via: string, adapterLabel: (adapter: string) => string): string =>
	via === "web" ? "the web" : via === "api" ? "the API" : adapterLabel(via);

/** Where the page is on which people decide. A link to it opens the page and decides nothing. */
export const decisionPath = ({ projectId, planId, nodeId, decisionId }: Record<"projectId" | "planId" | "nodeId" | "decisionId", string>) =>
	`/projects/${projectId}/plans/${planId}?node=${nodeId}&decision=${decisionId}`;

export const DecisionParams = ProjectParams.extend({ decisionId: Id });

export const decisions = {
	createDecision: endpoint({
		method: "POST",
		path: "/projects/{projectId}/decisions",
		summary: "Request a decision from people",
		description:
			"A person sets every field. With an agent's own token name the request it came up in as `agent_request_id`, if there is one; `decider_ids`, `notify` and `on_expiry: approve` are then left to people.",
		tag: "decisions",
		params: ProjectParams,
		headers: IdempotencyHeaders,
		body: CreateDecisionInput,
		output: Decision,
		status: 201,
		refuses: ["conflict", "unprocessable"],
	}),
	listDecisions: endpoint({
		method: "GET",
		path: "/projects/{projectId}/decisions",
		summary: "Decisions, newest first",
		tag: "decisions",
		params: ProjectParams,
		query: PageQuery.extend({ node_id: Id.optional(), agent_request_id: Id.optional(), status: DecisionStatus.optional() }),
		output: page(Decision),
	}),
	getDecision: endpoint({
		method: "GET",
		path: "/projects/{projectId}/decisions/{decisionId}",
		summary: "A decision, and who was told of it",
		tag: "decisions",
		params: DecisionParams,
		output: DecisionDetail,
	}),
	decide: endpoint({
		method: "POST",
		path: "/projects/{projectId}/decisions/{decisionId}/decide",
		summary: "Decide; the first to do so wins",
		description:
			"Whoever comes second gets a 409 whose `detail` says who decided what, and where. The option `revise` (“Needs changes”) wants a `comment` that says what has to change.",
		tag: "decisions",
		params: DecisionParams,
		body: DecideInput,
		output: Decision,
		refuses: ["conflict", "unprocessable"],
	}),
	cancelDecision: endpoint({
		method: "POST",
		path: "/projects/{projectId}/decisions/{decisionId}/cancel",
		summary: "Withdraw a decision that is still pending",
		tag: "decisions",
		params: DecisionParams,
		output: Decision,
		refuses: ["conflict"],
	}),
};
