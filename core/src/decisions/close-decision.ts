import type { DecisionStatus, EventType, MessageContent } from "@agentplanner/contracts";
import { and, decisionRequests, eq, type SQL, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { closeNotifications } from "../deliveries/close-deliveries.ts";
import { wakeDelivery } from "../deliveries/wake-delivery.ts";
import { emit } from "../emit.ts";
import { isOpen, lockRequest } from "../requests/lock-request.ts";
import { deleteTimers } from "../timers.ts";
import { chosenOption } from "./present.ts";
import type { DecisionRow } from "./read-decisions.ts";

type Ending = {
	status: Exclude<DecisionStatus, "pending">;
	optionId: string | null;
	comment?: string;
	closedBy: string | null;
	closedByUserId: string | null;
	closedVia: string | null;
	/** Null: should its request be reopened, the agent may ask the same anew. */
	externalId?: null;
	/** Beside its being pending. */
	only?: SQL;
};

const eventOf: Record<Ending["status"], EventType> = {
	decided: "agent.decision.decided",
	expired: "agent.decision.expired",
	cancelled: "agent.decision.cancelled",
};

/**
 * Ends a pending decision, by the one guarded update that says who was first: state, timer, event, the messages that ask people, and
 * word to the agent that asked. Null: somebody else was first.
 */
export const closeDecision = async (
	tx: Tx<ProjectContext>,
	{ id, agentRequestId, askedDeliveryId }: DecisionRow,
	{ only, ...ending }: Ending,
): Promise<DecisionRow | null> => {
	// In one packet. Locks go request, decision, deliveries, in every verb.
	const [request, [row]] = await Promise.all([
		agentRequestId && askedDeliveryId ? lockRequest(tx, agentRequestId) : null,
		tx.db
			.update(decisionRequests)
			.set({ ...ending, closedAt: sql`now()`, updatedAt: sql`now()` })
			.where(and(eq(decisionRequests.id, id), eq(decisionRequests.status, "pending"), only))
			.returning()
			.execute(),
	]);
	if (!row) return null;
	deleteTimers(tx, id, "agent.decision.expiry.due");
	emit(tx, {
		type: eventOf[ending.status],
		subjectId: id,
		data: { decision_id: id, node_id: row.nodeId, agent_request_id: agentRequestId, option_id: row.optionId, via: row.closedVia },
	});
	await Promise.all([
		closeNotifications(tx, id, ending.status === "decided" ? "superseded" : "cancelled"),
		request && isOpen(request) && queueOutcome(tx, row, ending.status),
	]);
	return row;
};

/** To the agent that asked, the way its request went. */
const queueOutcome = async (tx: Tx<ProjectContext>, row: DecisionRow, status: Ending["status"]): Promise<void> => {
	const content = {
		kind: "decision_outcome",
		agent_request_id: row.agentRequestId ?? "",
		decision_id: row.id,
		question: row.question,
		status,
		option: chosenOption(row),
		comment: row.comment,
		closed_by: row.closedBy,
		closed_at: row.closedAt?.toISOString() ?? "",
	} satisfies MessageContent;
	const { rows } = await tx.db.execute<{ id: string }>(sql`
		insert into message_deliveries
			(project_id, agent_request_id, decision_id, kind, integration_id, agent_id, address, content, trace_id, request_id)
		select project_id, agent_request_id, ${row.id}, 'decision_outcome', integration_id, agent_id, address, ${JSON.stringify(content)}::jsonb,
			${tx.traceId}, ${tx.requestId}
		from message_deliveries where id = ${row.askedDeliveryId}
		returning id`);
	const data = { agent_request_id: row.agentRequestId, decision_id: row.id };
	for (const { id } of rows) wakeDelivery(tx, id, data);
};
