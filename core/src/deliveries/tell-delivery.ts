import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";

type Told = { id: string; agentRequestId: string | null; subscriptionId: string | null };
type Word =
	| { type: `message.delivery.${"delivered" | "acknowledged"}` }
	| { type: `message.delivery.${"held" | "retrying" | "unknown" | "dead"}`; reason: string };

/** What events and timers of a delivery carry; by `subscription_id` nobody is sent what sending an event has caused. */
export const deliveryData = ({ agentRequestId, subscriptionId }: Pick<Told, "agentRequestId" | "subscriptionId">) => ({
	agent_request_id: agentRequestId,
	...(subscriptionId === null ? {} : { subscription_id: subscriptionId }),
});

/** Of a delivery that carries an event people hear only that it gave up: else every event would make several more. */
export const tellDelivery = (tx: Tx<ProjectContext>, delivery: Told, word: Word): void => {
	if (delivery.subscriptionId !== null && word.type !== "message.delivery.dead") return;
	const [subjectId, data] = [delivery.id, deliveryData(delivery)];
	if ("reason" in word) emit(tx, { type: word.type, subjectId, data: { ...data, reason: word.reason } });
	else emit(tx, { type: word.type, subjectId, data });
};
