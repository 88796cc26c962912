import type { AddJobsJobSpec } from "graphile-worker";
import { EngineUnavailableError } from "../engine.ts";

export type Job = AddJobsJobSpec & { jobKey: string };
export type AddJobs = (jobs: Job[]) => Promise<void>;

type Waiting = { jobs: Job[]; done: PromiseWithResolvers<void> };

/** One statement must not name a key twice; jobs of one key are the same. */
const distinct = (jobs: Job[]): Job[] => [...new Map(jobs.map((job) => [job.jobKey, job])).values()];

/**
 * Adds jobs as `add` does, but what is asked for at once, or while one statement is under way, goes out together: twenty jobs cost
 * hardly more than one. Each caller hears what became of its own.
 */
export const createJobAdder = (add: (jobs: Job[]) => Promise<unknown>): AddJobs => {
	let waiting: Waiting[] = [];
	let draining = false;

	const addFor = async (callers: Waiting[]): Promise<void> => {
		try {
			await add(distinct(callers.flatMap(({ jobs }) => jobs)));
			for (const { done } of callers) done.resolve();
		} catch (error) {
			// What Postgres refuses of one must not be the others' trouble.
			if (callers.length > 1 && !(error instanceof EngineUnavailableError)) for (const caller of callers) await addFor([caller]);
			else for (const { done } of callers) done.reject(error);
		}
	};

	const drain = async () => {
		draining = true;
		// Whoever asks in this very moment comes along.
		await null;
		while (waiting.length > 0) {
			const callers = waiting;
			waiting = [];
			await addFor(callers);
		}
		draining = false;
	};

	return async (jobs) => {
		if (jobs.length === 0) return;
		const done = Promise.withResolvers<void>();
		waiting.push({ jobs, done });
		if (!draining) void drain();
		await done.promise;
	};
};
