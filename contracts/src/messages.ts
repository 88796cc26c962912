import { z } from "zod";
import { DecisionOption, DecisionStatus, ExpiryRule, Recommendation, Urgency } from "./decision-terms.ts";
import { NodeKind, NodeStatus, TaskMode } from "./node-terms.ts";
import { Id, Timestamp } from "./values.ts";

/** What an agent is told about a task beside the question: frozen when the request is dispatched. */
export const ContextSnapshot = z.strictObject({
	project: z.strictObject({ id: Id, name: z.string() }),
	plan: z.strictObject({ id: Id, title: z.string(), description: z.string() }),
	node: z.strictObject({
		id: Id,
		kind: NodeKind,
		title: z.string(),
		status: NodeStatus,
		// Those that were recorded before there were such lack them.
		task_mode: TaskMode.optional(),
		labels: z.array(z.string()).optional(),
		description: z.string().optional(),
		context: z.string().optional(),
		agent_instructions: z.string(),
		acceptance_criteria: z.string(),
		due_at: Timestamp.nullable(),
	}),
	/** From the plan's root down to the node's parent. */
	ancestors: z.array(z.strictObject({ id: Id, kind: NodeKind, title: z.string(), agent_instructions: z.string() })),
	/** Earlier requests on this node, newest first. */
	history: z.array(
		z.strictObject({
			agent_request_id: Id,
			question: z.string(),
			status: z.string(),
			asked_at: Timestamp,
			answers: z.array(z.strictObject({ from: z.string(), text: z.string(), answered_at: Timestamp })),
		}),
	),
});
export type ContextSnapshot = z.infer<typeof ContextSnapshot>;

export const deliveryKinds = ["request", "reply", "nudge", "decision", "decision_outcome", "text", "event"] as const;
export type DeliveryKind = (typeof deliveryKinds)[number];

/** The content of one delivery, stored with it and sent unchanged on every attempt. */
export const MessageContent = z.discriminatedUnion("kind", [
	z.strictObject({
		kind: z.literal("request"),
		agent_request_id: Id,
		question: z.string(),
		agent: z.strictObject({ id: Id, name: z.string() }).nullable(),
		asked_by: z.string(),
		asked_at: Timestamp,
		deadline_at: Timestamp,
		context: ContextSnapshot,
	}),
	z.strictObject({
		kind: z.literal("reply"),
		agent_request_id: Id,
		/** What the agent had asked. */
		in_reply_to: z.string(),
		text: z.string(),
		from: z.string(),
		replied_at: Timestamp,
	}),
	/** To who was asked and owes the answer. */
	z.strictObject({
		kind: z.literal("nudge"),
		agent_request_id: Id,
		question: z.string(),
		agent: z.strictObject({ id: Id, name: z.string() }).nullable(),
		asked_by: z.string(),
		asked_at: Timestamp,
		deadline_at: Timestamp,
		nudged_at: Timestamp,
	}),
	z.strictObject({
		kind: z.literal("decision"),
		decision_id: Id,
		question: z.string(),
		details: z.string(),
		options: z.array(DecisionOption),
		recommendation: Recommendation.nullable(),
		urgency: Urgency,
		asked_by: z.string(),
		asked_at: Timestamp,
		expires_at: Timestamp.nullable(),
		on_expiry: ExpiryRule,
		project: z.strictObject({ id: Id, name: z.string() }),
		plan: z.strictObject({ id: Id, title: z.string() }),
		node: z.strictObject({ id: Id, title: z.string() }),
	}),
	/** To who asked for the decision. */
	z.strictObject({
		kind: z.literal("decision_outcome"),
		/** The request in which an agent asked, which goes on; null: nobody waits for an answer to this. */
		agent_request_id: Id.nullable(),
		decision_id: Id,
		question: z.string(),
		status: DecisionStatus.exclude(["pending"]),
		/** Null where it was cancelled. */
		option: DecisionOption.nullable(),
		comment: z.string(),
		closed_by: z.string().nullable(),
		closed_at: Timestamp,
		plan: z.strictObject({ id: Id, title: z.string() }),
		node: z.strictObject({ id: Id, title: z.string() }),
	}),
	/** Asks nothing: nobody waits for an answer to it. */
	z.strictObject({
		kind: z.literal("text"),
		/** Markdown. */
		text: z.string(),
		from: z.string(),
		sent_at: Timestamp,
		/** What it tells of, where that has a page. */
		about: z.strictObject({ agent_request_id: Id }).optional(),
		project: z.strictObject({ id: Id, name: z.string() }),
	}),
	z.strictObject({
		kind: z.literal("event"),
		event_id: Id,
		type: z.string(),
		schema_version: z.int(),
		project_id: Id,
		subject_id: Id,
		plan_id: Id.nullable(),
		node_id: Id.nullable(),
		occurred_at: Timestamp,
		/** Place in commit order; null for a test, which is no event. */
		position: z.int().nullable(),
		/** Who did it: a user, an agent, a token, or AgentPlanner itself. */
		actor: z.strictObject({ type: z.string(), id: z.string().optional(), name: z.string().optional() }),
		data: z.record(z.string(), z.unknown()),
	}),
]);
export type MessageContent = z.infer<typeof MessageContent>;
