import type { EventType } from "@agentplanner/contracts";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";

type Told = { id: string; agentRequestId: string | null; subscriptionId: string | null };
type DeliveryEvent = Extract<EventType, `message.delivery.${string}`>;

/** What events and timers of a delivery carry; by `subscription_id` nobody is sent what sending an event has caused. */
export const deliveryData = ({ agentRequestId, subscriptionId }: Pick<Told, "agentRequestId" | "subscriptionId">) => ({
	agent_request_id: agentRequestId,
	...(subscriptionId === null ? {} : { subscription_id: subscriptionId }),
});

/** Of a delivery that carries an event people hear only that it gave up: else every event would make several more. */
export const tellDelivery = (tx: Tx<ProjectContext>, type: DeliveryEvent, delivery: Told, more: Record<string, unknown> = {}): void => {
	if (delivery.subscriptionId !== null && type !== "message.delivery.dead") return;
	emit(tx, { type, subjectId: delivery.id, data: { ...deliveryData(delivery), ...more } });
};
