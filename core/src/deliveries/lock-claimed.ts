import { and, eq, type Given, messageDeliveries, messagingIntegrations, prepared, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import type { Claim } from "./claim-delivery.ts";
import { failing } from "./give-up-failing.ts";

/** Whether there is anything to take back of an integration once a message gets through. */
export const isTroubled = sql<boolean>`(${messagingIntegrations.health} <> 'healthy' or ${messagingIntegrations.unauthorizedSince} is not null
	or ${messagingIntegrations.failingSince} is not null
	or coalesce(${messagingIntegrations.heldUntil} <= now(), false))`;

// Without the content: it may be large, and whoever claimed it has it.
const columns = {
	id: messageDeliveries.id,
	kind: messageDeliveries.kind,
	agentRequestId: messageDeliveries.agentRequestId,
	agentId: messageDeliveries.agentId,
	subscriptionId: messageDeliveries.subscriptionId,
	integrationId: messageDeliveries.integrationId,
	receipt: messageDeliveries.receipt,
	deliveredAt: messageDeliveries.deliveredAt,
	closeAs: messageDeliveries.closeAs,
	scheduleStep: messageDeliveries.scheduleStep,
	troubled: isTroubled,
	/** Its integration's own waits, in seconds. */
	schedule: sql<number[] | null>`nullif(${messagingIntegrations.deliveryPolicy} -> 'schedule', 'null'::jsonb)`,
	failing,
};

const lock = prepared((db, { deliveryId, fence }: Given<Pick<Claim, "deliveryId" | "fence">>) =>
	db
		.select(columns)
		.from(messageDeliveries)
		.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, messageDeliveries.integrationId))
		.where(and(eq(messageDeliveries.id, deliveryId), eq(messageDeliveries.fence, fence), eq(messageDeliveries.status, "sending")))
		.for("no key update", { of: messageDeliveries }),
);

export type ClaimedDelivery = NonNullable<Awaited<ReturnType<typeof lockClaimed>>>;

/** The delivery of a claim, locked; null where somebody else holds it by now. The query is on its way when the call returns. */
export const lockClaimed = async (tx: Tx<ProjectContext>, { deliveryId, fence }: Claim) => {
	const [found] = await lock(tx.db, { deliveryId, fence });
	return found ?? null;
};
