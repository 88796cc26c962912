import { type AgentRequestDetail, type AnswerPolicy, type Delivery, isOpenRequest } from "@agentplanner/contracts";

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

const isWaiting = ({ status }: Delivery) => status === "queued" || status === "retrying" || status === "unknown";

const names = (deliveries: Delivery[]) => [...new Set(deliveries.map((delivery) => delivery.integration_name))].join(", ");

const arrived = (delivery: Delivery) => delivery.status === "delivered" || delivery.status === "acknowledged";

/** Names such as “Ada L.” bring their own full stop. */
const endSentence = (words: string) => (words.endsWith(".") ? words : `${words}.`);

export const describePolicy = (policy: AnswerPolicy): string =>
	policy.kind === "first"
		? "first answer counts"
		: policy.kind === "all"
			? "everybody asked must answer"
			: `${policy.count} answers needed`;

const accepted = (responses: AgentRequestDetail["responses"]) =>
	responses.filter((response) => response.kind === "answer" && response.outcome !== "superseded");

/** What can't go out before somebody repairs the credentials of its integration; `refused` are the ids of such integrations. */
const isRefused = (refused: ReadonlySet<string>) => (delivery: Delivery) =>
	isWaiting(delivery) && delivery.integration_enabled && refused.has(delivery.integration_id);

/** Whether nothing of the request gets anywhere before that. */
export const waitsForRepair = ({ request, deliveries }: AgentRequestDetail, refused: ReadonlySet<string>): boolean =>
	request.status === "dispatched" && !deliveries.some(arrived) && deliveries.some(isRefused(refused));

/** One sentence on where the request is right now and what happens next; `undecided`: people must decide something in it. */
export const summarizeRequest = (detail: AgentRequestDetail, refused: ReadonlySet<string>, undecided = false): string => {
	const { request, deliveries, responses } = detail;
	if (undecided && isOpenRequest(request.status) && request.status !== "input_required")
		return "People have to decide something; see below.";
	const asked = deliveries.filter((delivery) => delivery.kind === "request");
	switch (request.status) {
		case "queued":
			return "Recorded. It goes out as soon as a worker takes it.";
		case "dispatched": {
			const there = asked.filter(arrived).length;
			const waiting = asked.filter(isWaiting);
			const disabled = waiting.filter((delivery) => !delivery.integration_enabled);
			if (there > 0) return `Delivered to ${there} of ${plural(asked.length, "place")}. Waiting for an answer.`;
			if (disabled.length > 0 && disabled.length === waiting.length)
				return `Not sent: ${names(disabled)} is disabled. It goes out as soon as somebody enables it.`;
			if (waitsForRepair(detail, refused))
				return `Held: the credentials of ${names(asked.filter(isRefused(refused)))} were refused. Somebody must repair them; see below.`;
			if (request.deliveries.held > 0) return "Held, since its channel rests. It goes out by itself when that is over; see below.";
			if (request.deliveries.retrying > 0) return "Not through yet. It is tried again by itself; see the deliveries below.";
			return `On its way to ${plural(asked.length, "place")}.`;
		}
		case "working":
			return "An agent is working on it.";
		case "input_required":
			return "The agent asked something back and waits for your reply.";
		case "completed":
			return endSentence(`By ${[...new Set(accepted(responses).map((response) => response.respondent))].join(", ") || "an agent"}`);
		case "rejected":
			return "Everybody who was asked declined.";
		case "failed":
			return "Retry a delivery below to open it again.";
		case "expired":
			return "The deadline passed before there was an answer.";
		case "cancelled":
			return "Cancelled. Agents that had it were told where the channel allows it.";
	}
};
