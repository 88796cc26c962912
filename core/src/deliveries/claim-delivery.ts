import type { MessageContent } from "@agentplanner/contracts";
import { and, deliveryAttempts, eq, messageDeliveries, messagingIntegrations, sql, timers } from "@agentplanner/db";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { reasons } from "../reasons.ts";
import { fromNow, setTimers } from "../timers.ts";
import { takeOverLost } from "./take-over-lost.ts";

/*
 * One delivery, from here to record-outcome.ts:
 *
 *   queued ─┐                    ┌─► delivered ─► acknowledged
 *   retrying ├─claim─► sending ──┼─► retrying          (again at next_attempt_at)
 *   unknown ─┘            ▲      ├─► unknown           (may have been accepted; found or sent again under the same key)
 *                         │      ├─► dead              (rejected, or the schedule is at its end) ─replay─► queued
 *            lease ran out┘      └─► close_as          (cancelled or superseded meanwhile), acknowledged where it was answered
 *
 * The claim is the promise that nothing is sent twice at once: it takes the row only where it is due, counts the fence up, and
 * sets the lease and the delivery's timer to the same moment. Whoever holds an older fence can write nothing. A claim that
 * finds a lease run out treats what was under way as unknown. All times are the database's.
 */

/** How long a claim holds without renewal; a worker renews every second. */
export const leaseMs = 4_000;

/** A lease from this very moment: now() is when the transaction began, and it may have waited since. */
export const leaseEnd = sql`clock_timestamp() + ${leaseMs}::double precision * interval '1 millisecond'`;

const isDeliveryTimer = (deliveryId: string) => and(eq(timers.type, "message.delivery.due"), eq(timers.subjectId, deliveryId));

/** How often a delivery of a disabled integration is looked at, though enabling wakes it anyway. */
export const lookInAgainMs = 900_000;

export type Claim = {
	deliveryId: string;
	fence: number;
	attempt: number;
	integrationId: string;
	agentRequestId: string | null;
	address: string;
	content: MessageContent;
	/** An earlier attempt may have been accepted: look before sending again. */
	uncertain: boolean;
	/** The integration's credentials were refused before: check them before sending. */
	probe: boolean;
};

/** Takes a delivery that is due, for one attempt by `worker`. Null: there is nothing to do now, which is success. */
export const claimDelivery = async (ctx: ProjectContext, deliveryId: string, worker: string): Promise<Claim | null> =>
	inTransaction(ctx, async (tx) => {
		const [found] = await tx.db
			.select({
				delivery: messageDeliveries,
				integration: messagingIntegrations,
				due: sql<boolean>`coalesce(${messageDeliveries.nextAttemptAt} <= now(), true)`,
				leaseLost: sql<boolean>`coalesce(${messageDeliveries.leaseUntil} < now(), false)`,
				held: sql<boolean>`coalesce(${messagingIntegrations.heldUntil} > now(), false)`,
			})
			.from(messageDeliveries)
			.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, messageDeliveries.integrationId))
			.where(and(eq(messageDeliveries.projectId, tx.projectId), eq(messageDeliveries.id, deliveryId)))
			.for("no key update", { of: messageDeliveries });
		if (!found) return null;
		const { delivery, integration, due, leaseLost, held } = found;
		const waiting = (delivery.status === "queued" || delivery.status === "retrying" || delivery.status === "unknown") && due;
		const abandoned = delivery.status === "sending" && leaseLost;
		if (!waiting && !abandoned) return null;

		if (abandoned && !(await takeOverLost(tx, delivery))) return null;
		if ((!integration.enabled || (held && !delivery.passHold)) && (await hold(tx, delivery, abandoned))) return null;

		// Whoever holds the timer is waited for here, not once the lease runs.
		await tx.db.select({ id: timers.id }).from(timers).where(isDeliveryTimer(deliveryId)).for("update");
		const [claimed] = await tx.db
			.update(messageDeliveries)
			.set({
				status: "sending",
				worker,
				fence: sql`${messageDeliveries.fence} + 1`,
				attemptCount: sql`${messageDeliveries.attemptCount} + 1`,
				leaseUntil: leaseEnd,
				nextAttemptAt: null,
				passHold: false,
				reason: null,
				updatedAt: sql`now()`,
			})
			.where(eq(messageDeliveries.id, deliveryId))
			.returning();
		if (!claimed) throw new Error("The locked delivery is gone.");
		await setTimers(tx, {
			type: "message.delivery.due",
			subjectId: deliveryId,
			dueAt: sql`(select ${messageDeliveries.leaseUntil} from ${messageDeliveries} where ${messageDeliveries.id} = ${deliveryId})`,
			data: { agent_request_id: claimed.agentRequestId },
		});
		await tx.db
			.insert(deliveryAttempts)
			.values({ projectId: tx.projectId, deliveryId, number: claimed.attemptCount, worker, startedAt: sql`now()` as unknown as Date });
		return {
			deliveryId,
			fence: claimed.fence,
			attempt: claimed.attemptCount,
			integrationId: claimed.integrationId,
			agentRequestId: claimed.agentRequestId,
			address: claimed.address,
			content: claimed.content,
			uncertain: abandoned || delivery.status === "unknown",
			probe: integration.health === "unauthorized",
		};
	});

type DeliveryRow = typeof messageDeliveries.$inferSelect;

/**
 * An integration that is disabled or held keeps its deliveries where they are, with the reason; it never kills them. It is read
 * again under a lock: it may have been enabled while this claim waited for the delivery. False: it is free by now.
 */
const hold = async (tx: Tx<ProjectContext>, delivery: DeliveryRow, abandoned: boolean): Promise<boolean> => {
	const [integration] = await tx.db
		.select({
			name: messagingIntegrations.name,
			enabled: messagingIntegrations.enabled,
			disabledReason: messagingIntegrations.disabledReason,
			heldReason: messagingIntegrations.heldReason,
			heldUntil: sql<Date | null>`case when ${messagingIntegrations.heldUntil} > now() then ${messagingIntegrations.heldUntil} end`.mapWith(
				messagingIntegrations.heldUntil,
			),
		})
		.from(messagingIntegrations)
		.where(eq(messagingIntegrations.id, delivery.integrationId))
		.for("share");
	if (!integration) throw new Error(`Integration ${delivery.integrationId} is gone.`);
	const { name, enabled, heldUntil } = integration;
	if (enabled && (!heldUntil || delivery.passHold)) return false;
	const reason = enabled
		? reasons.integrationHeld(name, integration.heldReason ?? "its platform asked for patience")
		: reasons.integrationDisabled(name, integration.disabledReason);
	await tx.db
		.update(messageDeliveries)
		.set({
			reason,
			nextAttemptAt: enabled ? heldUntil : null,
			updatedAt: sql`now()`,
			...(abandoned ? { status: "unknown" as const, worker: null, leaseUntil: null } : {}),
		})
		.where(eq(messageDeliveries.id, delivery.id));
	await setTimers(tx, {
		type: "message.delivery.due",
		subjectId: delivery.id,
		// While it is disabled the timer only looks in again; enabling wakes its deliveries at once.
		dueAt: enabled && heldUntil ? heldUntil : fromNow(lookInAgainMs),
		data: { agent_request_id: delivery.agentRequestId },
	});
	const data = { agent_request_id: delivery.agentRequestId, reason: reason.code };
	if (abandoned) await emit(tx, { type: "message.delivery.unknown", subjectId: delivery.id, data });
	// It looks in again and again; pages need to hear only what is new.
	else if (reason.code !== delivery.reason?.code || reason.message !== delivery.reason.message)
		await emit(tx, { type: "message.delivery.held", subjectId: delivery.id, data });
	return true;
};
