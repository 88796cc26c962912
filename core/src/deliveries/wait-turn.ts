import type { Reason } from "@agentplanner/contracts";
import { eq, messageDeliveries, messagingIntegrations, sql } from "@agentplanner/db";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { reasons } from "../reasons.ts";
import { fromNow, setTimers } from "../timers.ts";
import { type DeliveryRow, deliveryColumns } from "./delivery-row.ts";
import { takeOverLost } from "./take-over-lost.ts";
import { deliveryData, tellDelivery } from "./tell-delivery.ts";

/*
 * What is due and may not go yet, because its integration has as much under way as it may have, waits its turn: `waits_since` says since
 * when, `reason` what for. Whoever makes room gives the next ones their turn (give-turns.ts). The timer only stands behind that,
 * far enough away that ten thousand that wait are no storm of wake-ups, and not all at the same moment.
 */

/** The timer of what waits its turn is due in 10 to 20 minutes. */
const waitTurnMs = () => 600_000 * (1 + Math.random());

/** Of one whose worker vanished: its attempt is over, whatever became of it. */
export const letGo = { status: "unknown" as const, worker: null, leaseUntil: null };

/** Has a locked delivery wait its turn, for that reason; with `inMs` until the moment that is reserved for it. Pages hear of it once. */
export const waitTurn = async (
	tx: Tx<ProjectContext>,
	delivery: DeliveryRow,
	reason: Reason,
	{ more = {}, inMs }: { more?: Partial<typeof messageDeliveries.$inferInsert>; inMs?: number } = {},
): Promise<void> => {
	const { id, integrationId } = delivery;
	const moment = inMs === undefined ? null : (fromNow(inMs) as unknown as Date);
	const reserved = moment === null ? { turnAt: null } : { turnAt: moment, nextAttemptAt: moment };
	await tx.db
		.update(messageDeliveries)
		.set({ reason, waitsSince: sql`coalesce(waits_since, now())`, ...reserved, updatedAt: sql`now()`, ...more })
		.where(eq(messageDeliveries.id, id));
	setTimers(tx, {
		type: "message.delivery.due",
		subjectId: id,
		dueInMs: inMs ?? waitTurnMs(),
		// Who comes at the reserved moment waits behind nobody.
		data: { ...deliveryData(delivery), integration_id: integrationId, ...(inMs === undefined ? {} : { turn: true }) },
	});
	if (delivery.waitsSince === null || delivery.reason?.code !== reason.code)
		tellDelivery(tx, delivery, { type: "message.delivery.held", reason: reason.code });
};

/**
 * Turns a delivery away that came while too much was under way: no attempt is spent. What is not due, or under way itself, stays as it is;
 * what a worker that vanished was sending waits like the others, and was made before them.
 */
export const throttleDelivery = (ctx: ProjectContext, deliveryId: string): Promise<void> =>
	inTransaction(ctx, async (tx) => {
		const [found] = await tx.db
			.select({
				delivery: deliveryColumns,
				name: messagingIntegrations.name,
				due: sql<boolean>`coalesce(${messageDeliveries.nextAttemptAt} <= now(), true)`,
			})
			.from(messageDeliveries)
			.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, messageDeliveries.integrationId))
			.where(sql`${messageDeliveries.projectId} = ${tx.projectId} and ${messageDeliveries.id} = ${deliveryId}
				and (${messageDeliveries.status} in ('queued', 'retrying', 'unknown')
					or (${messageDeliveries.status} = 'sending' and ${messageDeliveries.leaseUntil} < now()))`)
			.for("no key update", { of: messageDeliveries });
		if (!found?.due) return;
		const { delivery, name } = found;
		const lost = delivery.status === "sending";
		if (lost && !(await takeOverLost(tx, delivery))) return;
		await waitTurn(tx, delivery, reasons.throttled(name), { more: lost ? letGo : {} });
	});
