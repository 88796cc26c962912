import type { AgentRequestDetail, AnswerPolicy, Delivery } from "@agentplanner/contracts";

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

const arrived = (delivery: Delivery) => delivery.status === "delivered" || delivery.status === "acknowledged";

export const describePolicy = (policy: AnswerPolicy): string =>
	policy.kind === "first"
		? "first answer counts"
		: policy.kind === "all"
			? "everybody asked must answer"
			: `${policy.count} answers needed`;

const accepted = (responses: AgentRequestDetail["responses"]) =>
	responses.filter((response) => response.kind === "answer" && response.outcome !== "superseded");

/** One sentence on where the request is right now and what happens next. */
export const summarizeRequest = ({ request, deliveries, responses }: AgentRequestDetail): string => {
	const asked = deliveries.filter((delivery) => delivery.kind === "request");
	switch (request.status) {
		case "queued":
			return "Recorded. It goes out as soon as a worker takes it.";
		case "dispatched": {
			const there = asked.filter(arrived).length;
			const retrying = asked.filter((delivery) => delivery.status === "retrying" || delivery.status === "unknown").length;
			if (there > 0) return `Delivered to ${there} of ${plural(asked.length, "place")}. Waiting for an answer.`;
			if (retrying > 0) return "Not through yet. It is tried again by itself; see the deliveries below.";
			return `On its way to ${plural(asked.length, "place")}.`;
		}
		case "working":
			return "An agent is working on it.";
		case "input_required":
			return "The agent asked something back and waits for your reply.";
		case "completed":
			return `By ${[...new Set(accepted(responses).map((response) => response.respondent))].join(", ") || "an agent"}.`;
		case "rejected":
			return "Everybody who was asked declined.";
		case "failed":
			return "No answer can come any more. Retry a delivery below to open it again.";
		case "expired":
			return "The deadline passed before there was an answer.";
		case "cancelled":
			return "Cancelled. Agents that had it were told where the channel allows it.";
	}
};
