import { agentRequests, eq, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import type { DeliveryRow } from "../deliveries/delivery-row.ts";
import { reviveDeliveries } from "../deliveries/revive-deliveries.ts";
import { emit } from "../emit.ts";
import { ConflictError } from "../errors.ts";
import { setTimers } from "../timers.ts";
import { type RequestRow, requestColumns } from "./lock-request.ts";
import { reconsiderLateResponses } from "./reconsider-late-responses.ts";
import { timeLadder } from "./time-ladder.ts";

/**
 * Opens a locked request again that failed or expired, with its locked deliveries: what came too late is judged anew, and whoever
 * has not had its say can answer again. Does nothing to an open one; 409 for one that ended otherwise.
 */
export const reopenRequest = async (tx: Tx<ProjectContext>, request: RequestRow, deliveries: DeliveryRow[]): Promise<void> => {
	if (request.status === "completed" || request.status === "rejected" || request.status === "cancelled")
		throw new ConflictError(`Its request has ended: it is ${request.status}. Ask again instead.`);
	if (request.status !== "failed" && request.status !== "expired") return;
	const [reopened] = await tx.db
		.update(agentRequests)
		.set({
			status: "dispatched",
			reason: null,
			closedAt: null,
			// An answer needs time; a deadline that has passed would end the request again at once.
			deadlineAt: sql`greatest(${agentRequests.deadlineAt}, now() + interval '1 day')`,
			ladderStep: 0,
			ladderFrom: sql`now()`,
			workedAt: null,
			inputQuestion: null,
			inputDeliveryId: null,
			updatedAt: sql`now()`,
			version: sql`version + 1`,
		})
		.where(eq(agentRequests.id, request.id))
		.returning(requestColumns);
	if (!reopened) throw new Error("The locked request is gone.");
	const data = { agent_request_id: request.id };
	setTimers(tx, { type: "agent.request.deadline.due", subjectId: request.id, dueAt: reopened.deadlineAt, data });
	await timeLadder(tx, reopened);
	emit(tx, { type: "agent.request.reopened", subjectId: request.id, data: { ...data, node_id: request.nodeId } });
	const late = await reconsiderLateResponses(tx, request);
	await reviveDeliveries(tx, reopened, deliveries, late);
};
