import type { Delivery, DeliveryAttempt, MessageContent } from "@agentplanner/contracts";
import type { deliveryAttempts } from "@agentplanner/db";
import type { DeliveryRow } from "./delivery-row.ts";

const presentAttempt = (row: typeof deliveryAttempts.$inferSelect): DeliveryAttempt => ({
	id: row.id,
	number: row.number,
	started_at: row.startedAt.toISOString(),
	finished_at: row.finishedAt?.toISOString() ?? null,
	duration_ms: row.finishedAt ? Math.max(0, row.finishedAt.getTime() - row.startedAt.getTime()) : null,
	outcome: row.outcome,
	detail: row.detail,
	remedy: row.remedy,
	next_attempt_at: row.nextAttemptAt?.toISOString() ?? null,
	worker: row.worker,
	exchange: row.exchange,
});

const presentMessage = (content: MessageContent): Delivery["message"] =>
	content.kind === "text" ? { from: content.from, text: content.text } : null;

const presentEvent = ({ content, subscriptionId }: DeliveryRow): Delivery["event"] =>
	content.kind === "event" && subscriptionId !== null
		? { id: content.event_id, type: content.type, position: content.position, subscription_id: subscriptionId }
		: null;

const presentDiscarded = ({ status, discardedAt: at, discardedBy: by, discardReason: reason }: DeliveryRow) =>
	status === "dead" && at !== null && by !== null && reason !== null ? { by, reason, at: at.toISOString() } : null;

export const presentDelivery = (
	row: {
		delivery: DeliveryRow;
		integrationName: string;
		integrationEnabled: boolean;
		adapter: string;
		agentName: string | null;
	},
	attempts: (typeof deliveryAttempts.$inferSelect)[],
): Delivery => ({
	id: row.delivery.id,
	project_id: row.delivery.projectId,
	agent_request_id: row.delivery.agentRequestId,
	decision_id: row.delivery.decisionId,
	kind: row.delivery.kind,
	message: presentMessage(row.delivery.content),
	event: presentEvent(row.delivery),
	agent_id: row.delivery.agentId,
	agent_name: row.agentName,
	integration_id: row.delivery.integrationId,
	integration_name: row.integrationName,
	integration_enabled: row.integrationEnabled,
	adapter: row.adapter,
	address: row.delivery.address,
	payload_bytes: row.delivery.payloadBytes,
	replayed_from: row.delivery.replayedFrom,
	status: row.delivery.status,
	reason: row.delivery.reason,
	discarded: presentDiscarded(row.delivery),
	attempt_count: row.delivery.attemptCount,
	next_attempt_at: row.delivery.nextAttemptAt?.toISOString() ?? null,
	waits_since: row.delivery.waitsSince?.toISOString() ?? null,
	delivered_at: row.delivery.deliveredAt?.toISOString() ?? null,
	attempts: attempts.map(presentAttempt),
	created_at: row.delivery.createdAt.toISOString(),
	updated_at: row.delivery.updatedAt.toISOString(),
});
