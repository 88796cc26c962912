import type { Delivery, DeliveryStatus } from "@agentplanner/contracts";
import { and, decisionRequests, eq, messageDeliveries, messagingIntegrations, sql } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { lockRequest } from "../requests/lock-request.ts";
import { refreshQuestion } from "../requests/refresh-question.ts";
import { reopenRequest } from "../requests/reopen-request.ts";
import { authorizeDelivery } from "./authorize-delivery.ts";
import { lockDeliveries } from "./close-deliveries.ts";
import { deliveryColumns } from "./delivery-row.ts";
import { readDeliveries } from "./read-deliveries.ts";
import { deliveryData } from "./tell-delivery.ts";
import { wakeDelivery } from "./wake-delivery.ts";

/**
 * Sends now: brings a waiting attempt forward, or replays a dead delivery under the same key, which reopens a request that
 * failed or expired. This delivery alone passes a hold of its integration, once. 409 while it is being sent, once it arrived, or while its integration is disabled.
 */
export const retryDelivery = async (ctx: ProjectContext, deliveryId: string): Promise<Delivery> => {
	await authorizeDelivery(ctx, "deliveries:retry", deliveryId);
	await sendNow(ctx, deliveryId);
	// Not by the reading verb: whoever may retry need not be allowed to read.
	const [sent] = (await readDeliveries(ctx, { id: deliveryId })).deliveries;
	if (!sent) throw new NotFoundError("delivery");
	return sent;
};

/** A delivery to be sent now, locked with its request and all that the request sent. Throws NotFoundError, and 409 where it can't be sent. */
export const lockToSend = async (tx: Tx<ProjectContext>, deliveryId: string, from: readonly DeliveryStatus[]) => {
	const [known] = await tx.db
		.select({ agentRequestId: messageDeliveries.agentRequestId, decisionId: messageDeliveries.decisionId, kind: messageDeliveries.kind })
		.from(messageDeliveries)
		.where(and(eq(messageDeliveries.projectId, tx.projectId), eq(messageDeliveries.id, deliveryId)));
	if (!known) throw new NotFoundError("delivery");
	const request = known.agentRequestId ? await lockRequest(tx, known.agentRequestId) : null;
	if (known.decisionId && known.kind === "decision") await assertPending(tx, known.decisionId);
	const siblings = request ? await lockDeliveries(tx, request.id) : [];
	const [found] = await tx.db
		.select({ delivery: deliveryColumns, integration: messagingIntegrations })
		.from(messageDeliveries)
		.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, messageDeliveries.integrationId))
		.where(eq(messageDeliveries.id, deliveryId))
		.for("no key update", { of: messageDeliveries });
	if (!found) throw new NotFoundError("delivery");
	const { delivery, integration } = found;
	if (delivery.status === "dead" && delivery.discardedAt !== null)
		throw new ConflictError(`It was discarded by ${delivery.discardedBy}. Bring it back first.`);
	if (!from.includes(delivery.status))
		throw new ConflictError(
			delivery.status === "sending" ? "It is being sent right now." : `There is nothing to send: this delivery is ${delivery.status}.`,
		);
	if (!integration.enabled)
		throw new ConflictError(`The integration ${integration.name} is disabled. Enable it first; what waits goes out at once.`);
	return { delivery, request, siblings };
};

/** The same for whoever has been let through already; with `onlyDead` 409 for one that didn't give up, or no longer. */
export const sendNow = (ctx: ProjectContext, deliveryId: string, { onlyDead = false } = {}): Promise<void> =>
	inTransaction(ctx, async (tx) => {
		const from = onlyDead ? (["dead"] as const) : (["queued", "retrying", "unknown", "dead"] as const);
		const { delivery, request, siblings } = await lockToSend(tx, deliveryId, from);
		const replay = delivery.status === "dead";
		if (replay && request) await reopenRequest(tx, request, siblings);
		await tx.db
			.update(messageDeliveries)
			.set({
				nextAttemptAt: null,
				waitsSince: null,
				// Many at once wait for what holds their integration: that is for one that a person wants to see go.
				passHold: !onlyDead,
				reason: null,
				updatedAt: sql`now()`,
				...(replay ? { status: "queued" as const, scheduleStep: 0 } : {}),
			})
			.where(eq(messageDeliveries.id, deliveryId));
		const data = deliveryData(delivery);
		wakeDelivery(tx, deliveryId, data, { replay });
		// A reply on its way is no longer waited for, and a reopened request may still hold questions.
		if (replay && request) await refreshQuestion(tx, await lockRequest(tx, request.id));
		if (replay) await audit(tx, { type: "delivery.replayed", subjectId: deliveryId, data });
	});

/** Nobody is asked to decide what is over; locked, so that it doesn't end meanwhile. */
const assertPending = async (tx: Tx<ProjectContext>, decisionId: string): Promise<void> => {
	const [decision] = await tx.db
		.select({ status: decisionRequests.status })
		.from(decisionRequests)
		.where(eq(decisionRequests.id, decisionId))
		.for("no key update");
	if (decision?.status !== "pending") throw new ConflictError(`There is nothing to decide any more: its decision is ${decision?.status}.`);
};
