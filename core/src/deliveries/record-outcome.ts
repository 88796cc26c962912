import type { AttemptOutcome, Exchange, Reason, ReasonCode } from "@agentplanner/contracts";
import { and, deliveryAttempts, eq, messageDeliveries, type SQL, sql, type WithCommit, withCommit } from "@agentplanner/db";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { reasons } from "../reasons.ts";
import { lockRequest, type RequestRow } from "../requests/lock-request.ts";
import { cleanInbound } from "../responses/clean-inbound.ts";
import { lockSpokenOf } from "../responses/lock-spoken-of.ts";
import { deleteTimers, fromNow, setTimers } from "../timers.ts";
import { isAnswered } from "./acknowledge-delivery.ts";
import { countAnswered, countUnanswered } from "./breaker.ts";
import { type Claim, lookInAgainMs } from "./claim-delivery.ts";
import { afterClosing } from "./close-deliveries.ts";
import { countInARow } from "./count-in-a-row.ts";
import { countFailure } from "./give-up-failing.ts";
import { disableBrokenIntegration, holdIntegration } from "./hold-integration.ts";
import { type ClaimedDelivery, lockClaimed } from "./lock-claimed.ts";
import { type KeptPayload, keptPayload } from "./payload.ts";
import { type Delivered, recordDelivered } from "./record-delivered.ts";
import { nextWaitMs, throttledAgainMs, throttleMs, unavailableMs } from "./schedule.ts";
import { settleDeath } from "./settle-death.ts";
import { deliveryData, tellDelivery } from "./tell-delivery.ts";

/** `payload`: what was composed for it, where no earlier attempt's was kept. */
export type Outcome = (Delivered | Undelivered) & { payload?: string };

type Undelivered =
	| Failure
	/** Nobody can tell whether an earlier attempt was accepted, and sending again could make two of it. */
	| { kind: "unclear" };

export type Failure = {
	kind: "rejected" | "unauthorized" | "rate_limited" | "unavailable";
	detail: string;
	remedy: string;
	/** The platform may have it all the same: look before sending again. */
	mayHaveBeenAccepted: boolean;
	retryAfterMs: number | null;
	/** The address is gone for good (410): the integration is disabled. */
	gone: boolean;
	exchange: Exchange | null;
	/** Of the last attempts there, at least half failed, and they were many: what the worker that made them has seen. */
	mostFail?: boolean;
};

/** Where a delivery goes after a failed attempt. */
type Next = { status: "retrying" | "unknown" | "dead"; reason: Reason; waitMs: number | null; step: number };

/**
 * Writes how an attempt ended, where the fence still matches: the delivery's next state, its timer, the attempt, what follows
 * for integration and request, and the agent's answer if it came at once, in one transaction. False: somebody else holds the
 * delivery by now, and nothing was written.
 */
export const recordOutcome = (ctx: ProjectContext, claim: Claim, outcome: Outcome): Promise<boolean> =>
	inTransaction<ProjectContext, boolean>(ctx, async (tx) => {
		const { deliveryId, agentRequestId, integration } = claim;
		const inbound = outcome.kind === "delivered" ? cleanInbound(outcome.inbound) : [];
		// In one packet. Locks go request first, then delivery, in every verb; what else is read is read behind them.
		const [request, spokenOf, delivery, answered] = await Promise.all([
			// A failure may end the request; what only arrived leaves it alone.
			agentRequestId && outcome.kind !== "delivered" ? lockRequest(tx, agentRequestId) : null,
			inbound.length > 0 ? lockSpokenOf(tx, integration.id, inbound, agentRequestId) : [],
			lockClaimed(tx, claim),
			isAnswered(tx, deliveryId),
		]);
		if (!delivery) return false;
		const kept = outcome.payload === undefined ? null : keptPayload({ keys: tx.keys, deliveryId }, outcome.payload);
		// The agent may have spoken of it while its attempt still ran.
		const arrived = answered || delivery.deliveredAt !== null;
		return outcome.kind === "delivered"
			? recordDelivered(tx, claim, { ...outcome, inbound }, { delivery, arrived, spokenOf, kept })
			: recordUndelivered(tx, claim, outcome, { delivery, arrived, request, kept });
	});

type Locked = { delivery: ClaimedDelivery; arrived: boolean; request: RequestRow | null; kept: KeptPayload };

const recordUndelivered = async (
	tx: Tx<ProjectContext>,
	claim: Claim,
	outcome: Undelivered,
	{ delivery, arrived, request, kept }: Locked,
): Promise<WithCommit<true> | true> => {
	const { id, closeAs, kind, scheduleStep } = delivery;
	const next =
		outcome.kind === "unclear"
			? ({ status: "dead", reason: reasons.unclear(), waitMs: null, step: scheduleStep } as const)
			: await judgeFailure(tx, delivery, claim, outcome);
	const dies = next.status === "dead" && !closeAs && !arrived;
	// Its death may end the request, which closes other deliveries; locks go deliveries first, integration second.
	if (!dies) await noteFailure(tx, delivery, claim, outcome);
	const end = (change: Change) =>
		Promise.all([endAttempt(tx, claim, outcome, next), move(tx, id, { ...kept, ...change })]).then(() => true as const);
	// Who needs another one sets it.
	deleteTimers(tx, id, "message.delivery.due");
	if (closeAs) {
		await afterClosing(tx, delivery, closeAs);
		return withCommit(end({ status: closeAs, reason: null }));
	}
	if (arrived) {
		tellDelivery(tx, delivery, { type: "message.delivery.acknowledged" });
		return withCommit(end({ status: "acknowledged", reason: null, deliveredAt: sql`coalesce(delivered_at, now())` }));
	}
	tellDelivery(tx, delivery, { type: `message.delivery.${next.status}`, reason: next.reason.code });
	const change: Change = {
		status: next.status,
		reason: next.reason,
		scheduleStep: next.step,
		...(next.waitMs === null ? {} : { nextAttemptAt: fromNow(next.waitMs) }),
	};
	if (next.status !== "dead") {
		// Without a wait the delivery is held by its integration, and the timer only looks in.
		setTimers(tx, {
			type: "message.delivery.due",
			subjectId: id,
			dueInMs: next.waitMs ?? lookInAgainMs,
			data: { ...deliveryData(delivery), integration_id: delivery.integrationId },
		});
		return withCommit(end(change));
	}
	await end(change);
	await settleDeath(tx, request, kind);
	await noteFailure(tx, delivery, claim, outcome);
	return true;
};

/** What a failure says of its integration. */
const noteFailure = async (tx: Tx<ProjectContext>, delivery: ClaimedDelivery, claim: Claim, outcome: Undelivered): Promise<void> => {
	if (outcome.kind === "unclear") return;
	const { kind, gone, detail, mostFail = false } = outcome;
	if (kind === "unavailable") await countUnanswered(tx, delivery, { wasProbe: claim.breakerProbe, mostFail });
	else if (delivery.unanswered) await countAnswered(tx, delivery);
	if (gone) await disableBrokenIntegration(tx, delivery, detail);
	else if (kind !== "rate_limited") await countFailure(tx, delivery, detail);
};

type Columns = typeof messageDeliveries.$inferInsert;
type Change = { [Column in keyof Columns]?: Columns[Column] | SQL };

/** Ends the lease and sets the new state. */
const move = (tx: Tx<ProjectContext>, deliveryId: string, change: Change) =>
	tx.db
		.update(messageDeliveries)
		.set({ ...change, worker: null, leaseUntil: null, closeAs: null, updatedAt: sql`now()` })
		.where(eq(messageDeliveries.id, deliveryId))
		.execute();

const judgeFailure = async (tx: Tx<ProjectContext>, delivery: ClaimedDelivery, claim: Claim, failure: Failure): Promise<Next> => {
	const { detail, remedy } = failure;
	// What an earlier attempt left unclear stays so until the platform has it, or refuses it for good.
	const again = claim.uncertainSince || failure.mayHaveBeenAccepted ? "unknown" : "retrying";
	const reason = (code: ReasonCode): Reason => ({ code, message: detail, remedy });
	const { scheduleStep: step, failing } = delivery;
	if (failure.gone || (failure.kind !== "rate_limited" && failing.hopeless))
		return { status: again, reason: reason("integration_disabled"), waitMs: null, step };
	switch (failure.kind) {
		case "rejected":
			return { status: "dead", reason: reason("rejected"), waitMs: null, step };
		case "unauthorized": {
			const { waitMs } = await holdIntegration(tx, delivery, { unauthorized: true, detail, waitMs: null });
			return { status: again, reason: reason("unauthorized"), waitMs, step };
		}
		case "rate_limited": {
			await holdIntegration(tx, delivery, { unauthorized: false, detail, waitMs: throttleMs(failure.retryAfterMs) });
			const waitMs = throttledAgainMs(failure.retryAfterMs, await countInARow(tx, delivery.id, "rate_limited"));
			return { status: again, reason: reason("rate_limited"), waitMs, step };
		}
		case "unavailable": {
			const waitMs = nextWaitMs(step, delivery.schedule ? { waitsMs: delivery.schedule.map((seconds) => seconds * 1_000) } : {});
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

const endAttempt = (tx: Tx<ProjectContext>, claim: Claim, outcome: Undelivered, next: Next) =>
	tx.db
		.update(deliveryAttempts)
		.set({
			outcome: attemptOutcome(outcome),
			finishedAt: sql`clock_timestamp()`,
			nextAttemptAt: next.waitMs === null ? null : fromNow(next.waitMs),
			...wordsOf(outcome),
		})
		.where(and(eq(deliveryAttempts.deliveryId, claim.deliveryId), eq(deliveryAttempts.number, claim.attempt)))
		.execute();
