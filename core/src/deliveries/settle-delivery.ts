import {
	type Closing,
	type DeliveryStatus,
	isOpenRequest,
	type MessageContent,
	type Receipt,
	type RequestStatus,
} from "@agentplanner/contracts";
import { agentRequests, and, decisionRequests, eq, messageDeliveries, sql, timers } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { chosenOption, describeEnd } from "../decisions/present.ts";
import type { DecisionRow } from "../decisions/read-decisions.ts";

const timerType = "message.delivery.settle.due";

/** After this long nobody is told any more that a message is out of date. */
const giveUpAfter = sql`interval '1 day'`;

export type Settlement = {
	deliveryId: string;
	integrationId: string;
	address: string;
	content: MessageContent;
	receipt: Receipt;
	closing: Closing;
	/** Last try: give up if it fails. */
	last: boolean;
};

/** What a platform still has to be told about a delivery that was closed elsewhere; null when there is nothing (left) to tell. */
export const readSettlement = async (ctx: ProjectContext, deliveryId: string): Promise<Settlement | null> => {
	const [found] = await ctx.db
		.select({
			delivery: messageDeliveries,
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
		closing: decision ? endOf(decision) : closingOf(delivery.status, requestStatus ?? "cancelled"),
		last,
	};
};

const endOf = (decision: DecisionRow): Closing => ({
	status: decision.status,
	summary: describeEnd(decision),
	option: chosenOption(decision),
});

/** A copy is superseded once its agent has answered elsewhere, though the request may still wait for others. */
const closingOf = (delivery: DeliveryStatus, request: RequestStatus): Closing => {
	const status = delivery === "superseded" && isOpenRequest(request) ? "completed" : request;
	return { status, summary: summaries[status] ?? "This request is closed." };
};

const summaries: Partial<Record<RequestStatus, string>> = {
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
