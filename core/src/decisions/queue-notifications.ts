import type { MessageContent } from "@agentplanner/contracts";
import { messageDeliveries } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import type { Destination } from "../requests/resolve-destinations.ts";
import { backstopMs, setTimers } from "../timers.ts";
import type { DecisionRow, Titles } from "./read-decisions.ts";

export type Told = Pick<
	DecisionRow,
	"id" | "planId" | "nodeId" | "question" | "details" | "options" | "askedBy" | "createdAt" | "expiresAt" | "onExpiry"
>;

const contentOf = ({ projectId }: ProjectContext, decision: Told, titles: Titles): MessageContent => ({
	kind: "decision",
	decision_id: decision.id,
	question: decision.question,
	details: decision.details,
	options: decision.options,
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
	const data = { decision_id: decision.id };
	for (const { newId: subjectId } of destinations) {
		setTimers(tx, { type: "message.delivery.due", subjectId, dueInMs: backstopMs, data });
		emit(tx, { type: "message.delivery.queued", subjectId, data });
	}
	await tx.db
		.insert(messageDeliveries)
		.values(
			destinations.map(({ newId, integrationId, address }) => ({
				id: newId,
				projectId: tx.projectId,
				decisionId: decision.id,
				kind: "decision" as const,
				integrationId,
				address,
				content,
				traceId: tx.traceId,
				requestId: tx.requestId,
			})),
		)
		.execute();
};
