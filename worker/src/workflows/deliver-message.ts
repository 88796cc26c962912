import { claimDelivery, type ProjectContext } from "@agentplanner/core";
import { type RunContext, type WakeInput, workflow } from "@agentplanner/engine";
import { z } from "zod";
import { attemptDelivery, attemptMs } from "../attempt-delivery.ts";
import type { Arrival, Place } from "../gate.ts";
import { type House, runContext } from "../house.ts";
import { writeOutcome } from "../write-outcome.ts";

/** What a wake may say beside the delivery's id; without it, it is read. */
const Woken = z.object({ integration_id: z.uuid().nullish().catch(null), turn: z.literal(true).optional().catch(undefined) });

const arrivalOf = ({ subjectId, data }: WakeInput): Arrival => {
	const { integration_id: integrationId = null, turn } = Woken.parse(data);
	return { deliveryId: subjectId, integrationId, hasTurn: turn === true };
};

/** One attempt at one delivery: wait for room, claim it, send it, write how it went. */
export const deliverMessage = (house: House) =>
	workflow({
		name: "deliver-message",
		on: ["message.delivery.due", "message.delivery.queued"],
		retries: 5,
		timeoutMs: 20_000,
		patient: true,
		run: async (input, run) => {
			const ctx = runContext(house, input, run.metadata, "deliver-message");
			const place = await house.gate.enter(ctx, arrivalOf(input));
			if (!place) return { outcome: "turned away" };
			try {
				return await deliver(house, ctx, { deliveryId: input.subjectId, place, run });
			} finally {
				await place.leave();
			}
		},
	});

type Delivering = { deliveryId: string; place: Place; run: RunContext };

const deliver = async (house: House, ctx: ProjectContext, { deliveryId, place, run }: Delivering) => {
	const claim = await claimDelivery(ctx, deliveryId, house.workerId);
	if (!claim) return { outcome: "nothing to do" };
	place.learn(claim.maxInFlight);
	// Whoever sent it before may have died, and had turned others away.
	if (claim.uncertainSince) place.suspectOthers();
	const lease = house.leases.hold(deliveryId);
	try {
		const signal = AbortSignal.any([run.signal, lease.taken, AbortSignal.timeout(attemptMs)]);
		const outcome = await attemptDelivery(house, ctx, claim, signal);
		const failed = outcome.kind === "unavailable";
		const mostFail = place.tally({ failed, startsAnew: claim.breakerProbe && !failed });
		// What failed may mean a hold, which must be known before anybody else is sent.
		const passing = outcome.kind === "delivered" ? place.answered() : null;
		const written = await writeOutcome(house, ctx, claim, failed ? { ...outcome, mostFail } : outcome, run.signal);
		await passing;
		house.log.info(
			{
				deliveryId,
				agentRequestId: claim.agentRequestId,
				projectId: ctx.projectId,
				traceId: ctx.traceId,
				attempt: claim.attempt,
				outcome: outcome.kind,
				written,
				...("detail" in outcome ? { detail: outcome.detail } : {}),
			},
			"attempt ended",
		);
		return { outcome: outcome.kind, attempt: claim.attempt };
	} finally {
		lease.letGo();
	}
};
