import type { Delivery, DeliveryWords } from "@agentplanner/contracts";
import { and, eq, messageDeliveries } from "@agentplanner/db";
import { audit } from "../audit/audit.ts";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext } from "../context.ts";
import { authorizeDelivery } from "../deliveries/authorize-delivery.ts";
import { isVisibleDelivery, readDeliveries } from "../deliveries/read-deliveries.ts";
import { lockToSend } from "../deliveries/retry-delivery.ts";
import { deliveryData } from "../deliveries/tell-delivery.ts";
import { wakeDelivery } from "../deliveries/wake-delivery.ts";
import { withWords, wordsOf } from "../deliveries/words.ts";
import { emit } from "../emit.ts";
import { NotFoundError } from "../errors.ts";
import { lockRequest } from "../requests/lock-request.ts";
import { refreshQuestion } from "../requests/refresh-question.ts";
import { reopenRequest } from "../requests/reopen-request.ts";
import { asDiscarded } from "./discard.ts";

/** What of a delivery can be edited, as it stands. Throws NotFoundError. */
export const getWords = async (ctx: ProjectContext, deliveryId: string): Promise<DeliveryWords> => {
	await authorize(ctx, "deliveries:read");
	const [found] = await ctx.db
		.select({ content: messageDeliveries.content })
		.from(messageDeliveries)
		.where(and(eq(messageDeliveries.projectId, ctx.projectId), eq(messageDeliveries.id, deliveryId), isVisibleDelivery(ctx)));
	if (!found) throw new NotFoundError("delivery");
	return wordsOf(found.content);
};

/** Whoever might have asked or written that may edit it. Throws NotFoundError, ForbiddenError. */
export const authorizeEditing = async (ctx: ProjectContext, deliveryId: string): Promise<void> => {
	const [found] = await ctx.db
		.select({ kind: messageDeliveries.kind })
		.from(messageDeliveries)
		.where(and(eq(messageDeliveries.projectId, ctx.projectId), eq(messageDeliveries.id, deliveryId)));
	await authorizeDelivery(ctx, found?.kind === "text" ? "messages:send" : "requests:create", deliveryId);
};

/**
 * Sends other words in place of a delivery that gave up: a new delivery, with an id and a reply token of its own, to the same place; the
 * one that gave up stays as it was sent, put aside. Reopens a request that failed or expired. Throws 409 for one that didn't give up, was
 * put aside or edited before, whose request has ended or whose integration is disabled; 422 as `withWords`.
 */
export const editAndReplay = async (ctx: ProjectContext, deliveryId: string, words: DeliveryWords): Promise<Delivery> => {
	await authorizeEditing(ctx, deliveryId);
	const id = await inTransaction(ctx, async (tx) => {
		const { delivery, request, siblings } = await lockToSend(tx, deliveryId, ["dead"]);
		const content = withWords(delivery.content, words);
		if (request) await reopenRequest(tx, request, siblings);
		const reopened = request && (await lockRequest(tx, request.id));
		const { projectId, agentRequestId, kind, integrationId, openPlanId, agentId, address, questionId } = delivery;
		const [copy] = await tx.db
			.insert(messageDeliveries)
			.values({
				...{ projectId, agentRequestId, kind, integrationId, openPlanId, agentId, address, questionId },
				content: reopened && content.kind === "request" ? { ...content, deadline_at: reopened.deadlineAt.toISOString() } : content,
				replayedFrom: deliveryId,
				passHold: true,
				traceId: tx.traceId,
				requestId: tx.requestId,
			})
			.returning({ id: messageDeliveries.id });
		if (!copy) throw new Error("The insert returned no row.");
		await tx.db.update(messageDeliveries).set(asDiscarded(tx, "Edited and sent again.")).where(eq(messageDeliveries.id, deliveryId));
		const data = deliveryData(delivery);
		emit(tx, { type: "message.delivery.discarded", subjectId: deliveryId, data });
		wakeDelivery(tx, copy.id, data, { replay: true });
		// An edited reply on its way is no longer waited for.
		if (reopened) await refreshQuestion(tx, reopened);
		await audit(tx, {
			type: "delivery.edited",
			subjectId: copy.id,
			data: { ...data, replayed_from: deliveryId, fields: Object.keys(words) },
		});
		return copy.id;
	});
	const [copy] = (await readDeliveries(ctx, { id })).deliveries;
	if (!copy) throw new NotFoundError("delivery");
	return copy;
};
