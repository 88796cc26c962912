import { claimDelivery } from "@agentplanner/core";
import { workflow } from "@agentplanner/engine";
import { attemptDelivery, attemptMs } from "../attempt-delivery.ts";
import { type House, runContext } from "../house.ts";
import { writeOutcome } from "../write-outcome.ts";

/** One attempt at one delivery: claim it, send it, write how it went. */
export const deliverMessage = (house: House) =>
	workflow({
		name: "deliver-message",
		on: ["message.delivery.due", "message.delivery.queued"],
		retries: 5,
		timeoutMs: 20_000,
		patient: true,
		run: async (input, run) => {
			const ctx = runContext(house, input, run.metadata, "deliver-message");
			const claim = await claimDelivery(ctx, input.subjectId, house.workerId);
			if (!claim) return { outcome: "nothing to do" };
			const lease = house.leases.hold(claim.deliveryId);
			try {
				const signal = AbortSignal.any([run.signal, lease.taken, AbortSignal.timeout(attemptMs)]);
				const outcome = await attemptDelivery(house, ctx, claim, signal);
				const written = await writeOutcome(house, ctx, claim, outcome, run.signal);
				house.log.info(
					{
						deliveryId: claim.deliveryId,
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
		},
	});
