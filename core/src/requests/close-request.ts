import type { EventType, Reason, RequestStatus } from "@agentplanner/contracts";
import { agentRequests, eq, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { cancelAsked, lockAsked } from "../decisions/cancel-asked.ts";
import { closeDeliveries, rewriteAnswered, withdrawWord } from "../deliveries/close-deliveries.ts";
import { emit } from "../emit.ts";
import { deleteTimers } from "../timers.ts";
import { type RequestRow, requestColumns } from "./lock-request.ts";

type Ending = Extract<RequestStatus, "completed" | "rejected" | "failed" | "expired" | "cancelled">;

const eventOf = {
	completed: "agent.request.completed",
	rejected: "agent.request.rejected",
	failed: "agent.request.failed",
	expired: "agent.request.expired",
	cancelled: "agent.request.cancelled",
} as const satisfies Record<Ending, EventType>;

/** Ends an open request that the transaction has locked: state, timers, event, what its agents asked people, and whatever is still under way. */
export const closeRequest = async (
	tx: Tx<ProjectContext>,
	request: RequestRow,
	status: Ending,
	reason: Reason | null,
): Promise<RequestRow> => {
	const [[row], asked] = await Promise.all([
		tx.db
			.update(agentRequests)
			.set({ status, reason, closedAt: sql`now()`, ladderDueAt: null, updatedAt: sql`now()`, version: sql`version + 1` })
			.where(eq(agentRequests.id, request.id))
			.returning(requestColumns)
			.execute(),
		lockAsked(tx, request.id),
	]);
	if (!row) throw new Error("The locked request is gone.");
	deleteTimers(tx, request.id, "agent.request.dispatch.due", "agent.request.deadline.due", "agent.request.ladder.due");
	await cancelAsked(tx, asked);
	const closeAs = status === "cancelled" || status === "expired" ? "cancelled" : "superseded";
	await Promise.all([
		closeDeliveries(tx, request.id, closeAs),
		rewriteAnswered(tx, request.id),
		// Before its first step nobody was told.
		request.ladderStep === 0 ? null : withdrawWord(tx, request.id),
	]);
	emit(tx, {
		type: eventOf[status],
		subjectId: request.id,
		data: { agent_request_id: request.id, node_id: request.nodeId, reason: reason?.code ?? null },
	});
	return row;
};
