import type { AddJobsJobSpec } from "graphile-worker";
import { z } from "zod";
import { cronInput } from "../run/cron-input.ts";
import { WakeInput, type WakeMetadata, type Workflow } from "../workflow.ts";

// A lost run counts as an attempt to graphile-worker, as does a job that a killed worker had only fetched ahead, so crashes have
// attempts of their own; our retries are counted by us.
const spareAttempts = 10;

export const maxAttemptsOf = (workflow: Workflow) => workflow.retries + 1 + spareAttempts;

const WakeJob = z.object({ input: z.unknown(), metadata: z.record(z.string(), z.string()) });
const Woken = WakeInput.pick({ wakeId: true });
const CronJob = z.object({ _cron: z.object({ ts: z.coerce.date() }) });

/** One job per workflow and wake; the key makes repeats of a waiting job one. */
export const jobOf = (workflow: Workflow, input: WakeInput, metadata: WakeMetadata) =>
	({
		identifier: workflow.name,
		payload: { input, metadata },
		maxAttempts: maxAttemptsOf(workflow),
		jobKey: `${workflow.name}:${input.wakeId}`,
	}) satisfies AddJobsJobSpec;

/** What a job's payload says; its input is still to be checked by the workflow's schema. */
export const readPayload = (payload: unknown): { input: unknown; wakeId: string; metadata: WakeMetadata } => {
	if (typeof payload === "object" && payload !== null && "_cron" in payload) {
		const input = cronInput(CronJob.parse(payload)._cron.ts);
		return { input, wakeId: input.wakeId, metadata: {} };
	}
	const { input, metadata } = WakeJob.parse(payload);
	return { input, wakeId: Woken.parse(input).wakeId, metadata };
};
