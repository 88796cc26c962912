import type { DecisionStatus, EventType } from "@agentplanner/contracts";
import { and, decisionRequests, eq, type SQL, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { closeNotifications } from "../deliveries/close-deliveries.ts";
import { emit } from "../emit.ts";
import { lockRequest } from "../requests/lock-request.ts";
import { deleteTimers } from "../timers.ts";
import { releaseNode } from "./hold-node.ts";
import type { DecisionRow } from "./read-decisions.ts";
import { tellAsker } from "./tell-asker.ts";

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

const eventOf = {
	decided: "agent.decision.decided",
	expired: "agent.decision.expired",
	cancelled: "agent.decision.cancelled",
} as const satisfies Record<Ending["status"], EventType>;

/**
 * Ends a pending decision, by the one guarded update that says who was first: state, timer, event, the messages that ask people, word
 * to who asked, and the task that it blocked. Null: somebody else was first.
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
	await Promise.all([closeNotifications(tx, id, ending.status === "decided" ? "superseded" : "cancelled"), tellAsker(tx, row, request)]);
	if (row.urgency === "blocking") await releaseNode(tx, row.nodeId, id);
	return row;
};
