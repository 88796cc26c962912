import { z } from "zod";
import { line, text } from "./values.ts";

export const decisionStatuses = ["pending", "decided", "expired", "cancelled"] as const;
export const DecisionStatus = z.enum(decisionStatuses);
export type DecisionStatus = z.infer<typeof DecisionStatus>;

/**
 * What becomes of a decision when its deadline passes: it goes on waiting (`wait`), or waits for any admin, too (`escalate`), or it
 * expires with the option of that id (`reject`, `approve`).
 */
export const expiryRules = ["wait", "escalate", "reject", "approve"] as const;
export const ExpiryRule = z.enum(expiryRules);
export type ExpiryRule = z.infer<typeof ExpiryRule>;

export const DecisionOption = z.strictObject({
	id: z
		.string()
		.regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, "must be up to 40 lower-case letters, digits, - and _")
		.describe("What programs tell it by; unique in its decision"),
	label: line(80),
});
export type DecisionOption = z.infer<typeof DecisionOption>;

/** Who chooses the option of this id must say what has to change: the requester does it over, and asks again. */
export const reviseOption: DecisionOption = { id: "revise", label: "Needs changes" };

export const usualOptions: DecisionOption[] = [{ id: "approve", label: "Approve" }, { id: "reject", label: "Reject" }, reviseOption];

/** Whether a choice leaves open what it asks for. */
export const lacksComment = ({ option_id, comment }: { option_id: string; comment: string }): boolean =>
	option_id === reviseOption.id && comment.trim() === "";

const areDistinct = (options: DecisionOption[]): boolean =>
	new Set(options.map(({ id }) => id)).size === options.length && new Set(options.map(({ label }) => label)).size === options.length;

/** Most options that one chooses from. */
export const maxOptions = 10;

/** What there is to choose from. */
export const decisionOptions = z
	.array(DecisionOption)
	.min(2, "must be at least two")
	.max(maxOptions, `must be at most ${maxOptions}`)
	.refine(areDistinct, "must differ from each other in id and label")
	.default(usualOptions);

/**
 * What waits for a decision: its whole task, which is `blocked` meanwhile (`blocking`); only what needs it (`can_continue`); nothing
 * (`informational`): people are told and may choose, but nobody has to, and at its deadline, a week where none is set, it ends.
 */
export const urgencies = ["blocking", "can_continue", "informational"] as const;
export const Urgency = z.enum(urgencies);
export type Urgency = z.infer<typeof Urgency>;

/** What the asker would choose, and why. */
export const Recommendation = z.strictObject({ option_id: z.string().min(1).max(40), reason: text(2_000).default("") });
export type Recommendation = z.infer<typeof Recommendation>;

type Recommending = { options: DecisionOption[]; recommendation: Recommendation | null };

/** For `refine`: one recommends what can be chosen. */
export const recommendsAnOption = ({ options, recommendation }: Recommending): boolean =>
	recommendation === null || options.some(({ id }) => id === recommendation.option_id);
export const notAnOption = { error: "must be the id of one of the options", path: ["recommendation", "option_id"] };
