import { agentResponses, and, eq, isNull, ne, sql } from "@agentplanner/db";
import { recordHeartbeat } from "../agents/record-heartbeat.ts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { acknowledgeDelivery } from "../deliveries/acknowledge-delivery.ts";
import { lockDeliveries, supersedeCopies } from "../deliveries/close-deliveries.ts";
import { emit } from "../emit.ts";
import { isOpen, lockRequest } from "../requests/lock-request.ts";
import { refreshQuestion } from "../requests/refresh-question.ts";
import { settleOutcome } from "../requests/settle-outcome.ts";
import { deleteTimers } from "../timers.ts";
import { leaveLateNotice } from "./leave-late-notice.ts";
import type { ResponseRow } from "./store-response.ts";

/**
 * Applies a stored response to its request, once: an answer or decline is counted by the answer policy, a question makes the
 * request wait for a person, and what comes too late is kept as superseded. Answers with the id of the inbound event at
 * which it left a notice for its author, if it did.
 */
export const recordResponse = async (ctx: ProjectContext, responseId: string): Promise<string | null> =>
	inTransaction(ctx, async (tx) => {
		const [known] = await tx.db
			.select({ agentRequestId: agentResponses.agentRequestId })
			.from(agentResponses)
			.where(and(eq(agentResponses.projectId, tx.projectId), eq(agentResponses.id, responseId)));
		if (!known) return null;
		// The request's lock comes first, as in every verb, so that two responses of one request go one after the other.
		const request = await lockRequest(tx, known.agentRequestId);
		await lockDeliveries(tx, request.id);
		const [response] = await tx.db
			.select()
			.from(agentResponses)
			.where(and(eq(agentResponses.id, responseId), isNull(agentResponses.appliedAt)));
		if (!response) return null;

		const counts = isOpen(request) && !(await hasAnswered(tx, response));
		await tx.db
			.update(agentResponses)
			// Behind the request's lock: the transaction may have begun before the one that ended it.
			.set({ outcome: counts ? "accepted" : "superseded", appliedAt: sql`clock_timestamp()` })
			.where(eq(agentResponses.id, responseId));
		deleteTimers(tx, responseId, "agent.response.record.due");
		emit(tx, {
			type: "agent.response.applied",
			subjectId: responseId,
			data: { agent_request_id: request.id, node_id: request.nodeId, outcome: counts ? "accepted" : "superseded" },
		});
		if (response.agentId) recordHeartbeat(tx, response.agentId);
		if (response.deliveryId) await acknowledgeDelivery(tx, response.deliveryId);
		if (!counts) return isOpen(request) ? null : leaveLateNotice(tx, request, response);

		if (response.kind === "input_required") {
			await refreshQuestion(tx, request);
			return null;
		}
		await supersedeCopies(tx, request.id, response);
		// Whoever asked a person and then answers without waiting needs no reply any more.
		await settleOutcome(tx, await refreshQuestion(tx, request));
		return null;
	});

/** An agent's first word counts; what it says after is kept. A person was not asked, so a decline doesn't bind one. */
const hasAnswered = async (tx: Tx<ProjectContext>, response: ResponseRow): Promise<boolean> => {
	if (!response.deliveryId) return false;
	const earlier = await tx.db
		.select({ id: agentResponses.id })
		.from(agentResponses)
		.where(
			and(
				eq(agentResponses.agentRequestId, response.agentRequestId),
				eq(agentResponses.respondent, response.respondent),
				eq(agentResponses.outcome, "accepted"),
				ne(agentResponses.kind, "input_required"),
			),
		)
		.limit(1);
	return earlier.length > 0;
};
