import { z } from "zod";
import { line } from "./values.ts";

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

const approveOrReject: DecisionOption[] = [
	{ id: "approve", label: "Approve" },
	{ id: "reject", label: "Reject" },
];

const areDistinct = (options: DecisionOption[]): boolean =>
	new Set(options.map(({ id }) => id)).size === options.length && new Set(options.map(({ label }) => label)).size === options.length;

/** What there is to choose from. */
export const decisionOptions = z
	.array(DecisionOption)
	.min(2, "must be at least two")
	.max(10, "must be at most ten")
	.refine(areDistinct, "must differ from each other in id and label")
	.default(approveOrReject);
