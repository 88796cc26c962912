import { agentResponses, and, eq, type Given, inArray, messageDeliveries, prepared, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { deleteTimers } from "../timers.ts";

/**
 * Whoever speaks of a delivery has it: proof of arrival also where the attempt itself failed. One that is being sent is left
 * to its attempt, which finds `delivered_at` set.
 *
 * One statement for both, since attempts end, and lost ones are taken over, without the request's lock: it waits for whoever holds
 * the row and then goes by the state that it finds. Of two statements each could miss a delivery that moves on between them.
 */
export const acknowledgeDelivery = async (tx: Tx<ProjectContext>, deliveryId: string): Promise<void> => {
	const [row] = await tx.db
		.update(messageDeliveries)
		.set({
			status: sql`case ${messageDeliveries.status} when 'sending' then 'sending' else 'acknowledged' end`,
			// While it is being sent both are null anyway.
			reason: null,
			nextAttemptAt: null,
			deliveredAt: sql`coalesce(${messageDeliveries.deliveredAt}, now())`,
			updatedAt: sql`now()`,
		})
		.where(
			and(
				eq(messageDeliveries.projectId, tx.projectId),
				eq(messageDeliveries.id, deliveryId),
				inArray(messageDeliveries.status, ["queued", "sending", "retrying", "unknown", "delivered"]),
			),
		)
		.returning({ status: messageDeliveries.status, agentRequestId: messageDeliveries.agentRequestId });
	if (!row || row.status === "sending") return;
	deleteTimers(tx, deliveryId, "message.delivery.due");
	emit(tx, { type: "message.delivery.acknowledged", subjectId: deliveryId, data: { agent_request_id: row.agentRequestId } });
};

/** Whether anything was said of this delivery, applied or not: an agent that speaks of it has it. */
export const hasArrived = async (tx: Tx<ProjectContext>, { id, deliveredAt }: { id: string; deliveredAt: Date | null }): Promise<boolean> =>
	deliveredAt !== null || (await isAnswered(tx, id));

const readResponse = prepared((db, { deliveryId }: Given<{ deliveryId: string }>) =>
	db.select({ id: agentResponses.id }).from(agentResponses).where(eq(agentResponses.deliveryId, deliveryId)).limit(1),
);

/** Whether anything was said in reply to this delivery, applied or not. The query is on its way when the call returns. */
export const isAnswered = async (tx: Tx<ProjectContext>, deliveryId: string): Promise<boolean> =>
	(await readResponse(tx.db, { deliveryId })).length > 0;
