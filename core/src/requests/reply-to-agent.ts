import type { MessageContent, ReplyInput, RequestReply } from "@agentplanner/contracts";
import { and, eq, messageDeliveries } from "@agentplanner/db";
import { actorName, inTransaction, type ProjectContext } from "../context.ts";
import { wakeDelivery } from "../deliveries/wake-delivery.ts";
import { emit } from "../emit.ts";
import { ConflictError } from "../errors.ts";
import { authorizeRequest } from "../plans/authorize-plan.ts";
import { lockRequest } from "./lock-request.ts";
import { readOpenQuestion, refreshQuestion } from "./refresh-question.ts";

/**
 * A person's reply to what the agent asked: a new delivery on the same route; the request is `working` again, unless another
 * agent's question still waits. 409 if nobody asked.
 */
export const replyToAgent = async (ctx: ProjectContext, requestId: string, input: ReplyInput): Promise<RequestReply> => {
	await authorizeRequest(ctx, "requests:create", requestId);
	return inTransaction(ctx, async (tx) => {
		const request = await lockRequest(tx, requestId);
		const question = await readOpenQuestion(tx, requestId);
		if (request.status !== "input_required" || !question)
			throw new ConflictError(`The agent isn't waiting for a reply: the request is ${request.status}.`);
		const { integrationId, openPlanId, agentId, address } = messageDeliveries;
		const [asked] = await tx.db
			.select({ integrationId, openPlanId, agentId, address })
			.from(messageDeliveries)
			.where(and(eq(messageDeliveries.projectId, tx.projectId), eq(messageDeliveries.id, question.deliveryId)));
		if (!asked) throw new Error(`Delivery ${question.deliveryId} of request ${requestId} is gone.`);

		const content = {
			kind: "reply",
			agent_request_id: requestId,
			in_reply_to: question.text,
			text: input.text,
			from: actorName(tx.actor),
			replied_at: tx.now().toISOString(),
		} satisfies MessageContent;
		const [delivery] = await tx.db
			.insert(messageDeliveries)
			.values({
				projectId: tx.projectId,
				agentRequestId: requestId,
				kind: "reply",
				...asked,
				questionId: question.id,
				content,
				traceId: tx.traceId,
				requestId: tx.requestId,
			})
			.returning({ id: messageDeliveries.id });
		if (!delivery) throw new Error("The insert returned no row.");
		const data = { agent_request_id: requestId };
		emit(tx, { type: "agent.request.replied", subjectId: requestId, data: { ...data, node_id: request.nodeId } });
		wakeDelivery(tx, delivery.id, data);
		await refreshQuestion(tx, request);
		return { delivery_id: delivery.id, text: content.text, from: content.from, replied_at: content.replied_at };
	});
};
