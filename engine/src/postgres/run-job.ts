import type { Database } from "@agentplanner/db";
import type { JobHelpers } from "graphile-worker";
import { childInputs } from "../run/child-inputs.ts";
import { parseInput } from "../run/parse-input.ts";
import { withFields } from "../run/run-log.ts";
import { withTimeout } from "../run/with-timeout.ts";
import { NonRetryableError, type RunContext, type RunLog, type WakeInput, type WakeMetadata, type Workflow } from "../workflow.ts";
import { jobOf, readPayload } from "./job.ts";
import type { AddJobs } from "./job-adder.ts";
import type { PatientSlots } from "./patient-slots.ts";
import { countFailure, forgetStepResults, readStepResults, saveStepResults } from "./step-results.ts";

type Options = {
	db: Database;
	addJobs: AddJobs;
	log: RunLog;
	isRegistered: (workflow: Workflow) => boolean;
	/** Where a patient child of this run may go on at once; null: nowhere. */
	slots: PatientSlots | null;
};

type Run = { workflow: Workflow; rawInput: unknown; wakeId: string; metadata: WakeMetadata; attempt: number; stop: AbortSignal };

/** A child that was spawned and is not in the queue: it follows its parent in the same job. */
type Follower = { workflow: Workflow; input: WakeInput; metadata: WakeMetadata; letGo: () => void };

type Outcome = { follower: Follower | null; failure: { error: unknown; ends: boolean } | null };

/** As graphile-worker waits after a first failure. */
const retryMs = 2_718;

/** Ends the running job for good once it fails: an attempt fewer than allowed would be tried again. */
const giveUp = async ({ job, query }: JobHelpers) => {
	// Without its key a job has been replaced by a newer one with the same key and can't be tried again anyway.
	await query("select graphile_worker.remove_job(key) from graphile_worker.jobs where id = $1 and key is not null", [job.id]);
};

/**
 * Runs one job, and a patient child that it spawned last: through the queue it would come later, by as much as a delivery's own
 * transactions take. The job stands until both have ended, so a killed worker's parent runs again and spawns the child anew.
 */
export const runJob = async (workflow: Workflow, payload: unknown, helpers: JobHelpers, options: Options): Promise<void> => {
	const { earlierAttempts, ...read } = readPayload(payload);
	const run = { ...read, workflow, attempt: earlierAttempts + helpers.job.attempts, stop: helpers.abortSignal };
	const { follower, failure } = await runSteps(run, options);
	try {
		if (failure) {
			if (follower) await options.addJobs([jobOf(follower.workflow, follower.input, follower.metadata)]);
			if (failure.ends) await giveUp(helpers);
			throw failure.error;
		}
		if (follower) await runFollower(follower, helpers.abortSignal, options);
	} finally {
		follower?.letGo();
	}
};

/** One that fails is tried again through the queue. */
const runFollower = async ({ workflow, input, metadata }: Follower, stop: AbortSignal, options: Options): Promise<void> => {
	const run = { workflow, rawInput: input, wakeId: input.wakeId, metadata, attempt: 1, stop };
	const { failure } = await runSteps(run, { ...options, slots: null });
	if (!failure || failure.ends) return;
	const runAt = new Date(Date.now() + (stop.aborted ? 0 : retryMs));
	await options.addJobs([{ ...jobOf(workflow, input, metadata, 1), runAt }]);
};

/** The steps that have no result yet, in order. */
const runSteps = async (run: Run, options: Options): Promise<Outcome> => {
	const { db, addJobs, isRegistered, slots } = options;
	const { workflow, rawInput, wakeId, metadata, attempt, stop } = run;
	const started = performance.now();
	const key = { workflow: workflow.name, wakeId };
	const log = withFields(options.log, { workflow: workflow.name, wakeId, attempt, ...metadata });
	// Results are stored once a later step fails: a run that goes well, as nearly all do, costs no query for them.
	const finished = new Map<string, unknown>();
	const mayHaveResults = attempt > 1;
	let current = "input";
	let follower: Follower | null = null;
	try {
		const input = parseInput(workflow, rawInput);
		const spawn: RunContext["spawn"] = async (child, inputs) => {
			if (!isRegistered(child)) throw new NonRetryableError(`Workflow ${child.name} is not registered in this worker`);
			const [first, ...others] = childInputs(wakeId, inputs);
			if (!first) return;
			const mayFollow = child.patient && follower === null && current === workflow.steps.at(-1)?.name;
			const letGo = mayFollow ? slots?.take() : null;
			if (letGo) follower = { workflow: child, input: first, metadata, letGo };
			await addJobs((letGo ? others : [first, ...others]).map((childInput) => jobOf(child, childInput, metadata)));
		};
		const stored = mayHaveResults ? await readStepResults(db, key) : new Map<string, unknown>();
		const results: Record<string, unknown> = {};
		for (const step of workflow.steps) {
			current = step.name;
			if (!stored.has(step.name)) {
				const work = (signal: AbortSignal) => step.run(input, { signal, attempt, wakeId, metadata, log, spawn }, { ...results });
				const output = await withTimeout(workflow.timeoutMs, stop, work);
				stored.set(step.name, output ?? null);
				finished.set(step.name, output ?? null);
			}
			// Later steps see the same whether the result is fresh or was stored.
			results[step.name] = JSON.parse(JSON.stringify(stored.get(step.name) ?? null));
		}
		if (mayHaveResults) await forgetStepResults(db, key);
		log.debug({ durationMs: Math.round(performance.now() - started) }, "run finished");
		return { follower, failure: null };
	} catch (error) {
		const permanent = error instanceof NonRetryableError;
		// A run cut short by our own stop is nobody's failure; one that can't be counted is tried again.
		const failures = permanent || stop.aborted ? 0 : await countFailure(db, key, current).catch(() => 0);
		const ends = permanent || failures > workflow.retries;
		if (ends) await forgetStepResults(db, key);
		else await saveStepResults(db, key, finished).catch(() => {});
		log.error(
			{ err: error, step: current, durationMs: Math.round(performance.now() - started), failures },
			ends ? "run gave up" : "run failed",
		);
		return { follower, failure: { error, ends } };
	}
};
