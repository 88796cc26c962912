import type { AddJobsJobSpec } from "graphile-worker";
import { z } from "zod";
import { cronInput } from "../run/cron-input.ts";
import { WakeInput, type WakeMetadata, type Workflow } from "../workflow.ts";

// A lost run counts as an attempt to graphile-worker, as does a job that a killed worker had only fetched ahead, so crashes have
// attempts of their own; our retries are counted by us.
const spareAttempts = 10;

export const maxAttemptsOf = (workflow: Workflow) => workflow.retries + 1 + spareAttempts;

const WakeJob = z.object({
	input: z.unknown(),
	metadata: z.record(z.string(), z.string()),
	/** Attempts that the run had before it came into the queue. */
	earlierAttempts: z.int().default(0),
});
const Woken = WakeInput.pick({ wakeId: true });
const CronJob = z.object({ _cron: z.object({ ts: z.coerce.date() }) });

/** One job per workflow and wake; the key makes repeats of a waiting job one. */
export const jobOf = (workflow: Workflow, input: WakeInput, metadata: WakeMetadata, earlierAttempts = 0) =>
	({
		identifier: workflow.name,
		payload: { input, metadata, earlierAttempts },
		maxAttempts: maxAttemptsOf(workflow),
		jobKey: `${workflow.name}:${input.wakeId}`,
	}) satisfies AddJobsJobSpec;

export type JobPayload = { rawInput: unknown; wakeId: string; metadata: WakeMetadata; earlierAttempts: number };

/** What a job's payload says; its input is still to be checked by the workflow's schema. */
export const readPayload = (payload: unknown): JobPayload => {
	if (typeof payload === "object" && payload !== null && "_cron" in payload) {
		const input = cronInput(CronJob.parse(payload)._cron.ts);
		return { rawInput: input, wakeId: input.wakeId, metadata: {}, earlierAttempts: 0 };
	}
	const { input, metadata, earlierAttempts } = WakeJob.parse(payload);
	return { rawInput: input, wakeId: Woken.parse(input).wakeId, metadata, earlierAttempts };
};
