import type { Database } from "@agentplanner/db";
import type { JobHelpers } from "graphile-worker";
import { childInputs } from "../run/child-inputs.ts";
import { parseInput } from "../run/parse-input.ts";
import { withFields } from "../run/run-log.ts";
import { withTimeout } from "../run/with-timeout.ts";
import { NonRetryableError, type RunContext, type RunLog, type Workflow } from "../workflow.ts";
import { jobOf, readPayload } from "./job.ts";
import type { AddJobs } from "./job-adder.ts";
import { countFailure, forgetStepResults, readStepResults, saveStepResults } from "./step-results.ts";

type Options = { db: Database; addJobs: AddJobs; log: RunLog; isRegistered: (workflow: Workflow) => boolean };

/** Ends the running job for good once it fails: an attempt fewer than allowed would be tried again. */
const giveUp = async ({ job, query }: JobHelpers) => {
	// Without its key a job has been replaced by a newer one with the same key and can't be tried again anyway.
	await query("select graphile_worker.remove_job(key) from graphile_worker.jobs where id = $1 and key is not null", [job.id]);
};

/** Runs one job: the steps that have no result yet, in order. */
export const runJob = async (workflow: Workflow, payload: unknown, helpers: JobHelpers, options: Options): Promise<void> => {
	const { db, addJobs, isRegistered } = options;
	const started = performance.now();
	const { input: rawInput, wakeId, metadata } = readPayload(payload);
	const key = { workflow: workflow.name, wakeId };
	const attempt = helpers.job.attempts;
	const log = withFields(options.log, { workflow: workflow.name, wakeId, attempt, ...metadata });
	// Results are stored once a later step fails: a run that goes well, as nearly all do, costs no query for them.
	const finished = new Map<string, unknown>();
	const mayHaveResults = attempt > 1;
	let current = "input";
	try {
		const input = parseInput(workflow, rawInput);
		const spawn: RunContext["spawn"] = async (child, inputs) => {
			if (!isRegistered(child)) throw new NonRetryableError(`Workflow ${child.name} is not registered in this worker`);
			await addJobs(childInputs(wakeId, inputs).map((childInput) => jobOf(child, childInput, metadata)));
		};
		const stored = mayHaveResults ? await readStepResults(db, key) : new Map<string, unknown>();
		const results: Record<string, unknown> = {};
		for (const step of workflow.steps) {
			current = step.name;
			if (!stored.has(step.name)) {
				const run = (signal: AbortSignal) => step.run(input, { signal, attempt, wakeId, metadata, log, spawn }, { ...results });
				const output = await withTimeout(workflow.timeoutMs, helpers.abortSignal, run);
				stored.set(step.name, output ?? null);
				finished.set(step.name, output ?? null);
			}
			// Later steps see the same whether the result is fresh or was stored.
			results[step.name] = JSON.parse(JSON.stringify(stored.get(step.name) ?? null));
		}
		if (mayHaveResults) await forgetStepResults(db, key);
		log.debug({ durationMs: Math.round(performance.now() - started) }, "run finished");
	} catch (error) {
		const permanent = error instanceof NonRetryableError;
		// A run cut short by our own stop is nobody's failure; one that can't be counted is tried again.
		const failures = permanent || helpers.abortSignal.aborted ? 0 : await countFailure(db, key, current).catch(() => 0);
		const ends = permanent || failures > workflow.retries;
		if (ends) {
			await forgetStepResults(db, key);
			await giveUp(helpers);
		} else await saveStepResults(db, key, finished).catch(() => {});
		log.error(
			{ err: error, step: current, durationMs: Math.round(performance.now() - started), failures },
			ends ? "run gave up" : "run failed",
		);
		throw error;
	}
};
