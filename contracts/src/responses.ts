import { z } from "zod";
import { decisionOptions, ExpiryRule, notAnOption, Recommendation, recommendsAnOption, Urgency } from "./decision-terms.ts";
import { agentText, Id, requiredAgentText, Timestamp } from "./values.ts";

export const responseKinds = ["answer", "declined", "input_required"] as const;
export const ResponseKind = z.enum(responseKinds);
export type ResponseKind = z.infer<typeof ResponseKind>;

/** What became of a response: `received` until the worker has applied it. */
export const responseOutcomes = ["received", "accepted", "superseded"] as const;

export const AgentResponse = z.strictObject({
	id: Id,
	agent_request_id: Id,
	delivery_id: Id.nullable(),
	agent_id: Id.nullable(),
	respondent: z.string(),
	kind: ResponseKind,
	/** Markdown, untrusted. */
	text: z.string(),
	outcome: z.enum(responseOutcomes),
	created_at: Timestamp,
});
export type AgentResponse = z.infer<typeof AgentResponse>;

const mostText = 100_000;

/** What an agent calls its answer: the same id to the same request counts once. */
const answerId = z
	.string()
	.min(1)
	.max(200)
	.regex(/^[^\u0000-\u001f\u007f-\u009f]*$/, "must not hold control characters")
	.refine((value) => value.isWellFormed(), "must be valid Unicode")
	.optional();

/** What an agent may set of a decision that it asks people for; the rest is left to people. */
export const DecisionAsk = z.object({
	details: agentText(20_000).default(""),
	options: decisionOptions,
	recommendation: z
		.object({ ...Recommendation.shape, reason: agentText(2_000).default("") })
		.nullable()
		.default(null),
	urgency: Urgency.default("can_continue"),
	/** Default: no deadline. */
	expires_in_minutes: z.int().min(1).max(525_600).optional(),
	on_expiry: ExpiryRule.exclude(["approve"]).default("wait"),
});
export type DecisionAsk = z.infer<typeof DecisionAsk>;

const isAskable = ({ on_expiry, expires_in_minutes, options, urgency }: DecisionAsk): boolean =>
	on_expiry === "wait" ||
	(expires_in_minutes !== undefined &&
		(on_expiry === "escalate" ? urgency !== "informational" : options.some(({ id }) => id === on_expiry)));

/**
 * What an agent says, wherever it says it: in its HTTP response, at the reply URL or at our ingress. `id` makes a repeat
 * harmless; without it equal content counts once. Fields of the agent's own are ignored.
 */
export const RespondInput = z
	.discriminatedUnion("type", [
		z.object({ type: z.literal("answer"), text: requiredAgentText(mostText), id: answerId }),
		z.object({ type: z.literal("declined"), text: agentText(mostText).default(""), id: answerId }),
		z.object({ type: z.literal("input_required"), text: requiredAgentText(mostText), id: answerId }),
		z.object({ type: z.literal("working"), text: agentText(mostText).default(""), id: answerId }),
		z
			.object({ type: z.literal("decision_required"), text: requiredAgentText(2_000), ...DecisionAsk.shape, id: answerId })
			.refine(isAskable, {
				error: "reject needs a deadline and an option of that id, escalate a deadline and an urgency other than informational",
				path: ["on_expiry"],
			})
			.refine(recommendsAnOption, notAnOption),
	])
	.meta({ examples: [{ type: "answer", text: "Work together, live.", id: "answer-1" }] });
export type RespondInput = z.infer<typeof RespondInput>;

export const ProgressInput = z.object({ text: requiredAgentText(5_000) }).meta({ examples: [{ text: "Half of the sources are read." }] });
export type ProgressInput = z.infer<typeof ProgressInput>;
