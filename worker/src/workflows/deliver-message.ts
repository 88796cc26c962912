import { setTimeout as sleep } from "node:timers/promises";
import { type Claim, claimDelivery, isDatabaseUnavailable, type Outcome, type ProjectContext, recordOutcome } from "@agentplanner/core";
import { workflow } from "@agentplanner/engine";
import { attemptDelivery, attemptMs, broken } from "../attempt-delivery.ts";
import { type House, runContext } from "../house.ts";

const writeAgainMs = 250;

/** One attempt at one delivery: claim it, send it, write how it went. */
export const deliverMessage = (house: House) =>
	workflow({
		name: "deliver-message",
		on: ["message.delivery.due", "message.delivery.queued"],
		retries: 5,
		timeoutMs: 20_000,
		run: async (input, run) => {
			const ctx = runContext(house, input, run.metadata, "deliver-message");
			const claim = await claimDelivery(ctx, input.subjectId, house.workerId);
			if (!claim) return;
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
			} finally {
				lease.letGo();
			}
		},
	});

/**
 * What was sent can't be unsent, so its outcome is worth some patience: with a database that is away as long as the run may last.
 * An outcome that the database refuses must not have the message sent again every few seconds: it counts as a failed attempt.
 */
const writeOutcome = async (house: House, ctx: ProjectContext, claim: Claim, outcome: Outcome, signal: AbortSignal): Promise<boolean> => {
	for (;;) {
		try {
			return await recordOutcome(ctx, claim, outcome);
		} catch (error) {
			if (!isDatabaseUnavailable(error)) {
				house.log.error({ err: error, deliveryId: claim.deliveryId }, "outcome can't be written");
				return recordOutcome(ctx, claim, broken("AgentPlanner itself failed while writing down how this attempt ended."));
			}
			if (signal.aborted) throw error;
			await sleep(writeAgainMs);
		}
	}
};
