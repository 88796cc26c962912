import { and, deliveryAttempts, eq, isNull, messageDeliveries, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { reasons } from "../reasons.ts";
import { fromNow, setTimers } from "../timers.ts";
import { acknowledgeDelivery, hasArrived } from "./acknowledge-delivery.ts";
import { afterClosing } from "./close-deliveries.ts";
import { countInARow } from "./count-in-a-row.ts";
import type { DeliveryRow } from "./delivery-row.ts";
import { lastWaitMs, nextWaitMs } from "./schedule.ts";
import { deliveryData, tellDelivery } from "./tell-delivery.ts";

/** A worker may be killed for reasons of its own, and twice; a message that ends every worker that sends it must wait its turn. */
const lossesAtOnce = 2;

/**
 * Ends the attempt of a locked delivery whose lease ran out. True: it is the claimer's to send; false: there is nothing to send
 * now, because it was closed or answered meanwhile, or has cost too many workers to be tried again at once.
 */
export const takeOverLost = async (tx: Tx<ProjectContext>, delivery: DeliveryRow): Promise<boolean> => {
	await tx.db
		.update(deliveryAttempts)
		.set({
			outcome: "lost",
			finishedAt: sql`now()`,
			detail: "The worker that was sending this stopped without a word.",
			remedy: "Nothing to do: it is looked for, or sent again under the same key.",
		})
		.where(and(eq(deliveryAttempts.deliveryId, delivery.id), isNull(deliveryAttempts.outcome)));
	const release = (change: Partial<typeof messageDeliveries.$inferInsert>) =>
		tx.db
			.update(messageDeliveries)
			.set({ ...change, worker: null, leaseUntil: null, closeAs: null, updatedAt: sql`now()` })
			.where(eq(messageDeliveries.id, delivery.id));

	if (delivery.closeAs) {
		await release({ status: delivery.closeAs });
		await afterClosing(tx, delivery, delivery.closeAs);
		return false;
	}
	if (await hasArrived(tx, delivery)) {
		await release({ status: "unknown" });
		await acknowledgeDelivery(tx, delivery.id);
		return false;
	}
	const losses = await countInARow(tx, delivery.id, "lost");
	if (losses <= lossesAtOnce) return true;

	const waitMs = nextWaitMs(losses - lossesAtOnce - 1) ?? lastWaitMs;
	await release({
		status: "unknown",
		reason: reasons.lost(),
		nextAttemptAt: fromNow(waitMs) as unknown as Date,
	});
	setTimers(tx, { type: "message.delivery.due", subjectId: delivery.id, dueInMs: waitMs, data: deliveryData(delivery) });
	tellDelivery(tx, delivery, { type: "message.delivery.unknown", reason: "lost" });
	return false;
};
