import type { MessageContent } from "@agentplanner/contracts";
import { messageDeliveries } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { wakeDelivery } from "../deliveries/wake-delivery.ts";
import { type Destination, openPlanOf } from "../requests/resolve-destinations.ts";
import type { DecisionRow, Titles } from "./read-decisions.ts";

export type Told = Pick<
	DecisionRow,
	| "id"
	| "planId"
	| "nodeId"
	| "question"
	| "details"
	| "options"
	| "recommendation"
	| "urgency"
	| "askedBy"
	| "createdAt"
	| "expiresAt"
	| "onExpiry"
>;

const contentOf = ({ projectId }: ProjectContext, decision: Told, titles: Titles): MessageContent => ({
	kind: "decision",
	decision_id: decision.id,
	question: decision.question,
	details: decision.details,
	options: decision.options,
	recommendation: decision.recommendation,
	urgency: decision.urgency,
	asked_by: decision.askedBy,
	asked_at: decision.createdAt.toISOString(),
	expires_at: decision.expiresAt?.toISOString() ?? null,
	on_expiry: decision.onExpiry,
	project: { id: projectId, name: titles.project },
	plan: { id: decision.planId, title: titles.plan },
	node: { id: decision.nodeId, title: titles.node },
});

/** One queued delivery with its timer per destination. The insert is on its way when the call returns. */
export const queueNotifications = async (
	tx: Tx<ProjectContext>,
	decision: Told,
	titles: Titles,
	destinations: Destination[],
): Promise<void> => {
	if (destinations.length === 0) return;
	const content = contentOf(tx, decision, titles);
	for (const { newId } of destinations) wakeDelivery(tx, newId, { agent_request_id: null, decision_id: decision.id });
	await tx.db
		.insert(messageDeliveries)
		.values(
			destinations.map((destination) => ({
				id: destination.newId,
				projectId: tx.projectId,
				decisionId: decision.id,
				kind: "decision" as const,
				integrationId: destination.integrationId,
				openPlanId: openPlanOf(destination, decision.planId),
				address: destination.address,
				content,
				traceId: tx.traceId,
				requestId: tx.requestId,
			})),
		)
		.execute();
};
