import type { DecisionOption, MessageContent } from "@agentplanner/contracts";

type Content<Kind extends MessageContent["kind"]> = Extract<MessageContent, { kind: Kind }>;

const titles: Record<Content<"decision">["urgency"], string> = {
	blocking: "Decision needed: its task is blocked",
	can_continue: "Decision needed",
	informational: "For your information",
};

/** What the card of a decision is headed by. */
export const titleOf = ({ urgency }: Content<"decision">): string => titles[urgency];

/** What stands below it. */
export const footnoteOf = ({ urgency }: Content<"decision">): string =>
	urgency === "informational" ? "Nobody has to decide; the first who does settles it" : "The first who decides settles it";

/** What the asker would choose; null where nothing is recommended. */
export const recommendedOf = ({ options, recommendation }: Content<"decision">): { option: DecisionOption; reason: string } | null => {
	const option = options.find(({ id }) => id === recommendation?.option_id);
	return option && recommendation ? { option, reason: recommendation.reason } : null;
};

/** What was decided, or that nothing was. */
export const outcomeOf = ({ option, status }: Content<"decision_outcome">): string =>
	option?.label ?? (status === "expired" ? "Not decided" : "Cancelled");

/** By whom, to stand after it. */
export const deciderOf = ({ closed_by, status }: Content<"decision_outcome">): string =>
	closed_by !== null ? `by ${closed_by}` : status === "expired" ? "by its deadline" : "with its request";
