import type { Closing, OutboundMessage } from "@agentplanner/contracts";

type Payload = { type: string; timestamp?: string | undefined; data: Record<string, unknown>; [field: string]: unknown };

/** A uuidv7 begins with its birth in milliseconds. */
const timeOfKey = (key: string): string | undefined =>
	key[14] === "7" ? new Date(Number.parseInt(key.slice(0, 8) + key.slice(9, 13), 16)).toISOString() : undefined;

const payloadOf = ({ key, address, content, reply, link }: OutboundMessage): Payload => {
	const common = { delivery_id: key, address };
	const answerAt = { reply_url: reply?.url ?? null, reply_token: reply?.token ?? null };
	switch (content.kind) {
		case "request": {
			const { kind, ...request } = content;
			return { type: "agent.request.created", timestamp: content.asked_at, data: { ...common, ...request, ...answerAt } };
		}
		case "reply": {
			const { kind, ...said } = content;
			return { type: "agent.request.replied", timestamp: content.replied_at, data: { ...common, ...said, ...answerAt } };
		}
		case "nudge": {
			const { kind, ...reminder } = content;
			return { type: "agent.request.nudged", timestamp: content.nudged_at, data: { ...common, ...reminder, ...answerAt } };
		}
		case "decision": {
			const { kind, ...decision } = content;
			return { type: "decision.requested", timestamp: timeOfKey(key), data: { ...common, ...decision, decide_url: link ?? null } };
		}
		case "decision_outcome": {
			const { kind, ...outcome } = content;
			return content.agent_request_id === null
				? { type: "decision.outcome", timestamp: content.closed_at, data: { ...common, ...outcome } }
				: { type: "agent.request.decided", timestamp: content.closed_at, data: { ...common, ...outcome, ...answerAt } };
		}
		case "text": {
			const { kind, ...message } = content;
			return { type: "message.text", timestamp: content.sent_at, data: { ...common, ...message } };
		}
		case "event": {
			const { event_id: id, type, occurred_at: timestamp, schema_version, project_id, subject_id, ...rest } = content;
			const { plan_id, node_id, position, actor, data } = rest;
			return { id, type, timestamp, schema_version, project_id, subject_id, plan_id, node_id, position, actor, data };
		}
	}
};

/** The body of a message; nothing in it depends on the clock. */
export const messageBody = (message: OutboundMessage): string => JSON.stringify(payloadOf(message));

export const pingBody = (now: Date): string => JSON.stringify({ type: "ping", timestamp: now.toISOString(), data: {} });

/** Word that a message needs no answer any more; null when its kind never did. */
export const closingBody = ({ key, address, content }: OutboundMessage, closing: Closing, now: Date): string | null => {
	const { status, summary, option = null } = closing;
	const data = { delivery_id: key, address, status, summary };
	const timestamp = now.toISOString();
	if (content.kind === "decision")
		return JSON.stringify({ type: "decision.closed", timestamp, data: { ...data, decision_id: content.decision_id, option } });
	if (!("agent_request_id" in content) || content.agent_request_id === null) return null;
	// Somebody else's answer counted; or nobody's.
	const type = status === "completed" ? "agent.request.superseded" : "agent.request.closed";
	return JSON.stringify({ type, timestamp, data: { ...data, agent_request_id: content.agent_request_id } });
};
