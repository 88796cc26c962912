import type { Delivery } from "@agentplanner/contracts";
import { agentRequests, agentResponses, and, eq, messageDeliveries, messagingIntegrations, ne, sql } from "@agentplanner/db";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { lockRequest, type RequestRow } from "../requests/lock-request.ts";
import { respondentOf } from "../requests/resolve-destinations.ts";
import { backstopMs, deleteTimers, fromNow, setTimers } from "../timers.ts";
import { lockDeliveries } from "./close-deliveries.ts";
import { getDelivery } from "./get-delivery.ts";

type DeliveryRow = typeof messageDeliveries.$inferSelect;

/**
 * Sends now: brings a waiting attempt forward, or replays a dead delivery under the same key, which reopens a request that
 * failed or expired. 409 while it is being sent, once it arrived, or while its integration is disabled.
 */
export const retryDelivery = async (ctx: ProjectContext, deliveryId: string): Promise<Delivery> => {
	await authorize(ctx, "deliveries:retry");
	await inTransaction(ctx, async (tx) => {
		const [known] = await tx.db
			.select({ agentRequestId: messageDeliveries.agentRequestId })
			.from(messageDeliveries)
			.where(and(eq(messageDeliveries.projectId, tx.projectId), eq(messageDeliveries.id, deliveryId)));
		if (!known) throw new NotFoundError("delivery");
		const request = known.agentRequestId ? await lockRequest(tx, known.agentRequestId) : null;
		const siblings = request ? await lockDeliveries(tx, request.id) : [];
		const [found] = await tx.db
			.select({ delivery: messageDeliveries, integration: messagingIntegrations })
			.from(messageDeliveries)
			.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, messageDeliveries.integrationId))
			.where(eq(messageDeliveries.id, deliveryId))
			.for("no key update");
		if (!found) throw new NotFoundError("delivery");
		const { delivery, integration } = found;
		if (!["queued", "retrying", "unknown", "dead"].includes(delivery.status))
			throw new ConflictError(
				delivery.status === "sending" ? "It is being sent right now." : `There is nothing to send: this delivery is ${delivery.status}.`,
			);
		if (!integration.enabled)
			throw new ConflictError(`The integration ${integration.name} is disabled. Enable it first; what waits goes out at once.`);

		const replay = delivery.status === "dead";
		if (replay && request) await reopenRequest(tx, request, siblings);
		await tx.db
			.update(messagingIntegrations)
			.set({ heldUntil: null, heldReason: null })
			.where(eq(messagingIntegrations.id, integration.id));
		await tx.db
			.update(messageDeliveries)
			.set({ nextAttemptAt: null, reason: null, updatedAt: sql`now()`, ...(replay ? { status: "queued" as const, scheduleStep: 0 } : {}) })
			.where(eq(messageDeliveries.id, deliveryId));
		const data = { agent_request_id: delivery.agentRequestId };
		await setTimers(tx, { type: "message.delivery.due", subjectId: deliveryId, dueAt: fromNow(backstopMs), data });
		await emit(tx, { type: "message.delivery.queued", subjectId: deliveryId, data: { ...data, replay } });
	});
	return getDelivery(ctx, deliveryId);
};

const reopenRequest = async (tx: Tx<ProjectContext>, request: RequestRow, deliveries: DeliveryRow[]): Promise<void> => {
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
			updatedAt: sql`now()`,
			version: sql`version + 1`,
		})
		.where(eq(agentRequests.id, request.id))
		.returning();
	if (!reopened) throw new Error("The locked request is gone.");
	await setTimers(tx, {
		type: "agent.request.deadline.due",
		subjectId: request.id,
		dueAt: reopened.deadlineAt,
		data: { agent_request_id: request.id },
	});
	await reviveDeliveries(tx, request.id, deliveries);
	await emit(tx, {
		type: "agent.request.reopened",
		subjectId: request.id,
		data: { agent_request_id: request.id, node_id: request.nodeId },
	});
};

/**
 * Whoever has not had its say can answer again: what the request's end closed goes back to where it was. Else a policy that
 * needs several answers could never be met after a replay.
 */
const reviveDeliveries = async (tx: Tx<ProjectContext>, requestId: string, deliveries: DeliveryRow[]): Promise<void> => {
	const words = await tx.db
		.select({ respondent: agentResponses.respondent })
		.from(agentResponses)
		.where(
			and(eq(agentResponses.agentRequestId, requestId), eq(agentResponses.outcome, "accepted"), ne(agentResponses.kind, "input_required")),
		);
	const heard = new Set(words.map(({ respondent }) => respondent));
	const data = { agent_request_id: requestId };
	for (const delivery of deliveries) {
		const closed = delivery.closeAs !== null || delivery.status === "cancelled" || delivery.status === "superseded";
		if (!closed || delivery.kind !== "request" || heard.has(respondentOf(delivery))) continue;
		const status = delivery.status === "sending" ? "sending" : delivery.deliveredAt ? "delivered" : "queued";
		await tx.db
			.update(messageDeliveries)
			.set({ status, closeAs: null, updatedAt: sql`now()` })
			.where(eq(messageDeliveries.id, delivery.id));
		await deleteTimers(tx, delivery.id, "message.delivery.settle.due");
		if (status === "delivered") await emit(tx, { type: "message.delivery.delivered", subjectId: delivery.id, data });
		if (status !== "queued") continue;
		await setTimers(tx, { type: "message.delivery.due", subjectId: delivery.id, dueAt: fromNow(backstopMs), data });
		await emit(tx, { type: "message.delivery.queued", subjectId: delivery.id, data: { ...data, replay: true } });
	}
};
