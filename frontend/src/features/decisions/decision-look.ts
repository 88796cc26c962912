import type { Decision } from "@agentplanner/contracts";
import { IconCircleCheckFilled, IconCircleOff, IconClockExclamation, IconThumbDown } from "@tabler/icons-react";
import { type Look, type Tone, undecidedLook } from "../../components/status.tsx";

/** What its option is called; an option that is gone goes by its id. */
export const optionLabel = ({ options }: Decision, optionId: string | null): string =>
	options.find(({ id }) => id === optionId)?.label ?? optionId ?? "";

const toneOf = (optionId: string | null): Tone => (optionId === "approve" ? "green" : optionId === "reject" ? "red" : "blue");

/** How a decision stands; one that was made bears the name of what was chosen. */
export const decisionLook = (decision: Decision): Look => {
	const { status, lapsed_at, option_id } = decision;
	switch (status) {
		case "pending":
			return lapsed_at === null ? undecidedLook : { label: "Overdue", tone: "red", icon: IconClockExclamation };
		case "decided":
			return {
				label: optionLabel(decision, option_id),
				tone: toneOf(option_id),
				icon: option_id === "reject" ? IconThumbDown : IconCircleCheckFilled,
			};
		case "expired":
			return { label: `Expired: ${optionLabel(decision, option_id)}`, tone: "amber", icon: IconClockExclamation };
		case "cancelled":
			return { label: "Withdrawn", tone: "gray", icon: IconCircleOff };
	}
};

const places: Record<string, string> = { web: "the web", api: "the API" };

/** How it ended, as a sentence without its full stop; null while it is pending. */
export const describeEnd = (decision: Decision, adapterLabel: string): string | null => {
	const { status, closed_by, closed_via } = decision;
	switch (status) {
		case "pending":
			return null;
		case "decided":
			return `Decided by ${closed_by} via ${places[closed_via ?? ""] ?? adapterLabel}`;
		case "expired":
			return "Nobody decided before the deadline";
		case "cancelled":
			return closed_by === null ? "Withdrawn, since its request has ended" : `Withdrawn by ${closed_by}`;
	}
};

/** What its deadline will do, or has done while it goes on waiting; null without one. */
export const describeRule = (decision: Decision): string | null => {
	const { on_expiry, lapsed_at, expires_at } = decision;
	if (expires_at === null) return null;
	switch (on_expiry) {
		case "wait":
			return lapsed_at === null ? "then it goes on waiting" : "it still waits";
		case "escalate":
			return lapsed_at === null ? "then any admin may decide, too" : "any admin may decide now, too";
		case "approve":
		case "reject":
			return `then it ends as “${optionLabel(decision, on_expiry)}”`;
	}
};
