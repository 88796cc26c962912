import { and, eq, inArray, messageDeliveries, plans, sql } from "@agentplanner/db";
import { inTransaction, type ProjectContext } from "../context.ts";
import { reasons } from "../reasons.ts";
import { lockRequest } from "../requests/lock-request.ts";
import { isToldOfPrivate } from "../subscriptions/start-delivering.ts";
import { deleteTimers } from "../timers.ts";
import { settleDeath } from "./settle-death.ts";
import { tellDelivery } from "./tell-delivery.ts";

/** Of a delivery: others would read along who don't see its plan, which has become private since it was queued. */
export const isHidden = sql<boolean>`(
	exists (select from ${plans} where ${plans.id} = ${messageDeliveries.openPlanId} and ${plans.visibility} = 'private')
	and not exists (select from webhook_subscriptions subscription
		where subscription.id = ${messageDeliveries.subscriptionId} and ${isToldOfPrivate(sql`${messageDeliveries.openPlanId}`)})
)`;

/**
 * Gives up a delivery that is hidden and waits: an event is left out, as it would be had it happened now; anything else is a dead letter,
 * which may end its request.
 */
export const withdrawHidden = (ctx: ProjectContext, deliveryId: string): Promise<void> =>
	inTransaction(ctx, async (tx) => {
		const { id, agentRequestId, subscriptionId, kind } = messageDeliveries;
		const isIt = and(eq(messageDeliveries.projectId, tx.projectId), eq(id, deliveryId));
		const [known] = await tx.db.select({ agentRequestId }).from(messageDeliveries).where(isIt);
		const request = known?.agentRequestId ? await lockRequest(tx, known.agentRequestId) : null;
		const [delivery] = await tx.db
			.update(messageDeliveries)
			.set({
				status: sql`case when ${subscriptionId} is null then 'dead' else 'cancelled' end`,
				reason: reasons.planPrivate(),
				nextAttemptAt: null,
				waitsSince: null,
				turnAt: null,
				passHold: false,
				updatedAt: sql`now()`,
			})
			.where(and(isIt, inArray(messageDeliveries.status, ["queued", "retrying", "unknown"]), isHidden))
			.returning({ id, agentRequestId, subscriptionId, kind });
		if (!delivery) return;
		deleteTimers(tx, deliveryId, "message.delivery.due");
		if (delivery.subscriptionId !== null) return;
		tellDelivery(tx, delivery, { type: "message.delivery.dead", reason: "plan_private" });
		await settleDeath(tx, request, delivery.kind);
	});
