import type { Closing } from "@agentplanner/contracts";

const endings: Partial<Record<Closing["status"], string>> = {
	completed: "Answered",
	rejected: "Declined",
	failed: "Not answered",
	expired: "Expired",
	cancelled: "Cancelled",
	decided: "Decided",
};

/** How a story ended, in a word or two, for the head of its message. */
export const endingOf = ({ status }: Closing): string => endings[status] ?? "Closed";
