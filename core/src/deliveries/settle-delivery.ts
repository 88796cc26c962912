import { type Closing, isOpenRequest, type MessageContent, type Receipt, type RequestStatus } from "@agentplanner/contracts";
import { agentRequests, agentResponses, and, decisionRequests, eq, messageDeliveries, sql, timers } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { chosenOption, describeEnd } from "../decisions/present.ts";
import type { DecisionRow } from "../decisions/read-decisions.ts";
import { type DeliveryRow, deliveryColumns } from "./delivery-row.ts";

const timerType = "message.delivery.settle.due";

/** After this long nobody is told any more that a message is out of date. */
const giveUpAfter = sql`interval '1 day'`;

export type Settlement = {
	deliveryId: string;
	integrationId: string;
	address: string;
	content: MessageContent;
	receipt: Receipt;
	agentRequestId: string | null;
	/** Null: its request is open again, and there is nothing to tell. */
	closing: Closing | null;
	/** It was taken back; else it is the one that was answered. */
	stopped: boolean;
	/** Last try: give up if it fails. */
	last: boolean;
};

/** What a platform still has to be told about a delivery that was closed elsewhere; null when there is nothing (left) to tell. */
export const readSettlement = async (ctx: ProjectContext, deliveryId: string): Promise<Settlement | null> => {
	const [found] = await ctx.db
		.select({
			delivery: deliveryColumns,
			requestStatus: agentRequests.status,
			decision: decisionRequests,
			last: sql<boolean>`${timers.createdAt} < now() - ${giveUpAfter}`,
		})
		.from(messageDeliveries)
		.innerJoin(timers, and(eq(timers.subjectId, messageDeliveries.id), eq(timers.type, timerType)))
		.leftJoin(agentRequests, eq(agentRequests.id, messageDeliveries.agentRequestId))
		.leftJoin(decisionRequests, and(eq(decisionRequests.id, messageDeliveries.decisionId), eq(messageDeliveries.kind, "decision")))
		.where(and(eq(messageDeliveries.projectId, ctx.projectId), eq(messageDeliveries.id, deliveryId)));
	if (!found) return null;
	const { delivery, requestStatus, decision, last } = found;
	const { receipt } = delivery;
	if (!receipt) return null;
	return {
		deliveryId,
		integrationId: delivery.integrationId,
		address: delivery.address,
		content: delivery.content,
		receipt,
		agentRequestId: delivery.agentRequestId,
		closing: decision ? endOf(ctx, decision) : await closingOf(ctx, delivery, requestStatus ?? "cancelled"),
		stopped: delivery.status === "cancelled" || delivery.status === "superseded",
		last,
	};
};

const endOf = (ctx: ProjectContext, decision: DecisionRow): Closing => ({
	status: decision.status,
	summary: describeEnd(ctx, decision),
	answer: null,
	option: chosenOption(decision),
	at: decision.closedAt?.toISOString() ?? null,
	comment: decision.comment,
});

/** A copy is superseded once its agent has answered elsewhere, though the request may still wait for others. */
const closingOf = async (ctx: ProjectContext, delivery: DeliveryRow, request: RequestStatus): Promise<Closing | null> => {
	const answered = delivery.status === "acknowledged";
	if (answered && isOpenRequest(request)) return null;
	const status = delivery.status === "superseded" && isOpenRequest(request) ? "completed" : request;
	const summary = answered && status === "completed" ? "Answered." : summaries[status];
	return { status, summary: summary ?? "This request is closed.", answer: status === "completed" ? await readAnswer(ctx, delivery) : null };
};

/** The answer that was given here, else the first that counted. */
export const readAnswer = async (
	ctx: ProjectContext,
	{ id, agentRequestId }: Pick<DeliveryRow, "id" | "agentRequestId">,
): Promise<Closing["answer"]> => {
	if (agentRequestId === null) return null;
	const [answer] = await ctx.db
		.select({ from: agentResponses.respondentName, text: agentResponses.text })
		.from(agentResponses)
		.where(
			and(eq(agentResponses.agentRequestId, agentRequestId), eq(agentResponses.outcome, "accepted"), eq(agentResponses.kind, "answer")),
		)
		.orderBy(sql`${agentResponses.deliveryId} is not distinct from ${id} desc`, agentResponses.createdAt)
		.limit(1);
	return answer ?? null;
};

/** How a request ended, for those whom it was sent to. */
export const summaries: Partial<Record<RequestStatus, string>> = {
	completed: "Answered elsewhere.",
	rejected: "Everybody who was asked declined.",
	failed: "The request has failed.",
	expired: "The deadline has passed.",
	cancelled: "The request was cancelled.",
};

/** The platform knows, or will not learn it any more: the timer that stood behind it goes. */
export const finishSettlement = async (ctx: ProjectContext, deliveryId: string): Promise<void> => {
	await ctx.db.delete(timers).where(and(eq(timers.subjectId, deliveryId), eq(timers.type, timerType)));
};
