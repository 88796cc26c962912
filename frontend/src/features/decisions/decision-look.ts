import { type Decision, reviseOption, viaName } from "@agentplanner/contracts";
import {
	IconBan,
	IconCircleCheckFilled,
	IconCircleOff,
	IconClockExclamation,
	IconInfoCircle,
	IconPencil,
	IconThumbDown,
} from "@tabler/icons-react";
import { type Look, type Tone, undecidedLook } from "../../components/status.tsx";

/** What its option is called; an option that is gone goes by its id. */
export const optionLabel = ({ options }: Decision, optionId: string | null): string =>
	options.find(({ id }) => id === optionId)?.label ?? optionId ?? "";

/** What has a meaning everywhere looks like it. */
const choiceLooks: Record<string, { tone: Tone; icon: Look["icon"] }> = {
	approve: { tone: "green", icon: IconCircleCheckFilled },
	reject: { tone: "red", icon: IconThumbDown },
	[reviseOption.id]: { tone: "amber", icon: IconPencil },
};

const pendingLook = ({ lapsed_at, urgency }: Decision): Look => {
	if (urgency === "informational") return { label: "For information", tone: "blue", icon: IconInfoCircle };
	return lapsed_at === null ? undecidedLook : { label: "Overdue", tone: "red", icon: IconClockExclamation };
};

/** Of one that holds its whole task up. */
export const blockingLook: Look = { label: "Blocks the task", tone: "red", icon: IconBan };

/** How a decision stands; one that was made bears the name of what was chosen. */
export const decisionLook = (decision: Decision): Look => {
	const { status, option_id } = decision;
	switch (status) {
		case "pending":
			return pendingLook(decision);
		case "decided":
			return {
				label: optionLabel(decision, option_id),
				...(choiceLooks[option_id ?? ""] ?? { tone: "blue", icon: IconCircleCheckFilled }),
			};
		case "expired":
			if (option_id === null) return { label: "Ended", tone: "gray", icon: IconCircleOff };
			return { label: `Expired: ${optionLabel(decision, option_id)}`, tone: "amber", icon: IconClockExclamation };
		case "cancelled":
			return { label: "Withdrawn", tone: "gray", icon: IconCircleOff };
	}
};

/** How it ended, as a sentence without its full stop; null while it is pending. */
export const describeEnd = (decision: Decision, adapterLabel: (adapter: string) => string): string | null => {
	const { status, closed_by, closed_via, option_id } = decision;
	switch (status) {
		case "pending":
			return null;
		case "decided":
			return `Decided by ${closed_by} via ${viaName(closed_via ?? "", adapterLabel)}`;
		case "expired":
			return option_id === null ? "Nobody had to decide, and its deadline has passed" : "Nobody decided before the deadline";
		case "cancelled":
			return closed_by === null ? "Withdrawn, since its request has ended" : `Withdrawn by ${closed_by}`;
	}
};

/** What its deadline will do, or has done while it goes on waiting; null without one. */
export const describeRule = (decision: Decision): string | null => {
	const { on_expiry, lapsed_at, expires_at, urgency } = decision;
	if (expires_at === null) return null;
	switch (on_expiry) {
		case "wait":
			if (urgency === "informational") return "then it ends by itself";
			return lapsed_at === null ? "then it goes on waiting" : "it still waits";
		case "escalate":
			return lapsed_at === null ? "then any admin may decide, too" : "any admin may decide now, too";
		case "approve":
		case "reject":
			return `then it ends as “${optionLabel(decision, on_expiry)}”`;
	}
};
