import type { AttemptOutcome, Exchange, Reason } from "@agentplanner/contracts";
import { and, deliveryAttempts, eq, messageDeliveries, messagingIntegrations, sql } from "@agentplanner/db";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { reasons } from "../reasons.ts";
import { lockRequest, type RequestRow } from "../requests/lock-request.ts";
import { refreshQuestion } from "../requests/refresh-question.ts";
import { settleOutcome } from "../requests/settle-outcome.ts";
import { lockSpokenOf } from "../responses/lock-spoken-of.ts";
import { deleteTimers, fromNow, setTimers } from "../timers.ts";
import { hasArrived } from "./acknowledge-delivery.ts";
import { type Claim, lookInAgainMs } from "./claim-delivery.ts";
import { afterClosing } from "./close-deliveries.ts";
import { countInARow } from "./count-in-a-row.ts";
import { disableBrokenIntegration, holdIntegration } from "./hold-integration.ts";
import { type Delivered, isTroubled, recordDelivered } from "./record-delivered.ts";
import { nextWaitMs, throttledAgainMs, throttleMs, unavailableMs } from "./schedule.ts";

export type Outcome = Delivered | Undelivered;

type Undelivered =
	| Failure
	/** Nobody can tell whether an earlier attempt was accepted, and sending again could make two of it. */
	| { kind: "unclear" };

type Failure = {
	kind: "rejected" | "unauthorized" | "rate_limited" | "unavailable";
	detail: string;
	remedy: string;
	/** The platform may have it all the same: look before sending again. */
	mayHaveBeenAccepted: boolean;
	retryAfterMs: number | null;
	/** The address is gone for good (410): the integration is disabled. */
	gone: boolean;
	exchange: Exchange | null;
};

type DeliveryRow = typeof messageDeliveries.$inferSelect;

/** Where a delivery goes after a failed attempt. */
type Next = { status: "retrying" | "unknown" | "dead"; reason: Reason; waitMs: number | null; step: number };

/**
 * Writes how an attempt ended, where the fence still matches: the delivery's next state, its timer, the attempt, what follows
 * for integration and request, and the agent's answer if it came at once, in one transaction. False: somebody else holds the
 * delivery by now, and nothing was written.
 */
export const recordOutcome = async (ctx: ProjectContext, claim: Claim, outcome: Outcome): Promise<boolean> =>
	inTransaction(ctx, async (tx) => {
		// Locks go request first, then delivery, in every verb.
		if (outcome.kind === "delivered" && outcome.inbound.length > 0)
			await lockSpokenOf(tx, claim.integration.id, outcome.inbound, ...(claim.agentRequestId ? [claim.agentRequestId] : []));
		// A failure may end the request; what only arrived leaves it alone.
		const request = claim.agentRequestId && outcome.kind !== "delivered" ? await lockRequest(tx, claim.agentRequestId) : null;
		const [found] = await tx.db
			.select({ delivery: messageDeliveries, troubled: isTroubled })
			.from(messageDeliveries)
			.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, messageDeliveries.integrationId))
			.where(
				and(eq(messageDeliveries.id, claim.deliveryId), eq(messageDeliveries.fence, claim.fence), eq(messageDeliveries.status, "sending")),
			)
			.for("no key update", { of: messageDeliveries });
		if (!found) return false;
		const { delivery, troubled } = found;

		if (outcome.kind === "delivered") await recordDelivered(tx, delivery, claim, outcome, troubled);
		else await recordUndelivered(tx, delivery, claim, outcome, request);
		return true;
	});

const recordUndelivered = async (
	tx: Tx<ProjectContext>,
	delivery: DeliveryRow,
	claim: Claim,
	outcome: Undelivered,
	request: RequestRow | null,
): Promise<void> => {
	const next =
		outcome.kind === "unclear"
			? ({ status: "dead", reason: reasons.unclear(), waitMs: null, step: delivery.scheduleStep } as const)
			: await judgeFailure(tx, delivery, claim, outcome);
	await endAttempt(tx, claim, outcome, next);
	if (delivery.closeAs) {
		await move(tx, delivery, { status: delivery.closeAs, reason: null });
		await afterClosing(tx, delivery, delivery.closeAs);
		return;
	}
	if (await hasArrived(tx, delivery)) {
		await move(tx, delivery, { status: "acknowledged", reason: null, deliveredAt: arrival(delivery) });
		emit(tx, { type: "message.delivery.acknowledged", subjectId: delivery.id, data: eventData(delivery) });
		return;
	}
	await move(tx, delivery, {
		status: next.status,
		reason: next.reason,
		scheduleStep: next.step,
		...(next.waitMs === null ? {} : { nextAttemptAt: fromNow(next.waitMs) as unknown as Date }),
	});
	if (next.status === "dead")
		emit(tx, { type: "message.delivery.dead", subjectId: delivery.id, data: { ...eventData(delivery), reason: next.reason.code } });
	else {
		// Without a wait the delivery is held by its integration, and the timer only looks in.
		setTimers(tx, {
			type: "message.delivery.due",
			subjectId: delivery.id,
			dueInMs: next.waitMs ?? lookInAgainMs,
			data: eventData(delivery),
		});
		emit(tx, {
			type: next.status === "unknown" ? "message.delivery.unknown" : "message.delivery.retrying",
			subjectId: delivery.id,
			data: { ...eventData(delivery), reason: next.reason.code },
		});
	}
	if (next.status !== "dead" || !request) return;
	if (delivery.kind === "reply") await refreshQuestion(tx, request);
	else await settleOutcome(tx, request);
};

/** The agent may have spoken of it while its attempt still ran. */
const arrival = (delivery: DeliveryRow): Date => delivery.deliveredAt ?? (sql`now()` as unknown as Date);

const eventData = (delivery: DeliveryRow) => ({ agent_request_id: delivery.agentRequestId });

/** Ends the lease, sets the new state, and takes away the timer; who needs another one sets it. */
const move = async (tx: Tx<ProjectContext>, delivery: DeliveryRow, change: Partial<typeof messageDeliveries.$inferInsert>) => {
	await tx.db
		.update(messageDeliveries)
		.set({ ...change, worker: null, leaseUntil: null, closeAs: null, updatedAt: sql`now()` })
		.where(eq(messageDeliveries.id, delivery.id));
	deleteTimers(tx, delivery.id, "message.delivery.due");
};

const judgeFailure = async (tx: Tx<ProjectContext>, delivery: DeliveryRow, claim: Claim, failure: Failure): Promise<Next> => {
	const { detail, remedy } = failure;
	// What an earlier attempt left unclear stays so until the platform has it, or refuses it for good.
	const again = claim.uncertain || failure.mayHaveBeenAccepted ? "unknown" : "retrying";
	const reason = (code: string): Reason => ({ code, message: detail, remedy });
	const step = delivery.scheduleStep;
	if (failure.gone) {
		await disableBrokenIntegration(tx, delivery.integrationId, detail);
		return { status: again, reason: reason("integration_disabled"), waitMs: null, step };
	}
	switch (failure.kind) {
		case "rejected":
			return { status: "dead", reason: reason("rejected"), waitMs: null, step };
		case "unauthorized": {
			const { waitMs } = await holdIntegration(tx, delivery.integrationId, { unauthorized: true, detail, waitMs: null });
			return { status: again, reason: reason("unauthorized"), waitMs, step };
		}
		case "rate_limited": {
			await holdIntegration(tx, delivery.integrationId, { unauthorized: false, detail, waitMs: throttleMs(failure.retryAfterMs) });
			const waitMs = throttledAgainMs(failure.retryAfterMs, await countInARow(tx, delivery.id, "rate_limited"));
			return { status: again, reason: reason("rate_limited"), waitMs, step };
		}
		case "unavailable": {
			const waitMs = nextWaitMs(step);
			if (waitMs === null) return { status: "dead", reason: reasons.exhausted(detail), waitMs, step };
			return {
				status: again,
				reason: reason("unavailable"),
				waitMs: unavailableMs(waitMs, failure.retryAfterMs),
				step: step + 1,
			};
		}
	}
};

const attemptOutcome = (outcome: Undelivered): AttemptOutcome =>
	outcome.kind === "unclear" || outcome.mayHaveBeenAccepted ? "unknown" : outcome.kind;

const wordsOf = (outcome: Undelivered) => {
	if (outcome.kind !== "unclear") return { detail: outcome.detail, remedy: outcome.remedy, exchange: outcome.exchange };
	const { message, remedy } = reasons.unclear();
	return { detail: message, remedy };
};

const endAttempt = async (tx: Tx<ProjectContext>, claim: Claim, outcome: Undelivered, next: Next) => {
	await tx.db
		.update(deliveryAttempts)
		.set({
			outcome: attemptOutcome(outcome),
			finishedAt: sql`clock_timestamp()`,
			nextAttemptAt: next.waitMs === null ? null : (fromNow(next.waitMs) as unknown as Date),
			...wordsOf(outcome),
		})
		.where(and(eq(deliveryAttempts.deliveryId, claim.deliveryId), eq(deliveryAttempts.number, claim.attempt)));
};
