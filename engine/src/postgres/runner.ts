import { EventEmitter } from "node:events";
import { type Database, isDatabaseUnavailable } from "@agentplanner/db";
import { type ParsedCronItem, parseCronItems, type Runner, run, type TaskList, type WorkerPool } from "graphile-worker";
import { withFields } from "../run/run-log.ts";
import type { RunLog, Workflow } from "../workflow.ts";
import { graphileLogger } from "./graphile-logger.ts";
import { maxAttemptsOf } from "./job.ts";
import type { AddJobs } from "./job-adder.ts";
import { createPatientSlots, type PatientSlots } from "./patient-slots.ts";
import { holdPoolLock, type PoolLock } from "./pool-lock.ts";
import { runJob } from "./run-job.ts";

/** Runs may take this long after `stop()` before their signal aborts: as long as a workflow's timeout may be. */
const stopAbortMs = 25_000;
const restartMs = 500;
/** Jobs are fetched together for all slots; what finds none free in this time goes back, for another worker to take. */
const fetchedAheadMs = 150;
/** Ends of jobs that come within this time are written together; nobody waits for them. */
const endsBatchedMs = 2;
/** Going back takes graphile-worker a statement, of whose end it doesn't tell. */
const goneBackMs = 20;
/**
 * How long the ends that were still to be written get once nothing runs any more: graphile-worker (0.18) waits for them for ever where
 * more than one write has failed. A job whose end is missing runs again, which its claim makes harmless.
 */
const lastWritesMs = 2_000;

const cronItems = (workflows: Workflow[]): ParsedCronItem[] =>
	parseCronItems(
		workflows
			.filter((workflow) => workflow.cron !== undefined)
			.map((workflow) => ({
				task: workflow.name,
				match: workflow.cron as string,
				identifier: workflow.name,
				options: {
					backfillPeriod: 0,
					maxAttempts: maxAttemptsOf(workflow),
					jobKey: `${workflow.name}:cron`,
					jobKeyMode: "replace" as const,
				},
			})),
	);

/** Wakes every worker's runners as new jobs do; without it they look once a second. */
const announce = (db: Database, count: number) => {
	db.pool.query({ text: "select pg_notify('jobs:insert', $1)", values: [JSON.stringify({ count })] }).catch(() => {});
};

type Options = {
	db: Database;
	addJobs: AddJobs;
	/** What it runs. */
	workflows: Workflow[];
	/** Whether this worker runs that workflow, here or in another runner. */
	isRegistered: (workflow: Workflow) => boolean;
	concurrency: number;
	slots: PatientSlots;
	log: RunLog;
	onFatal: (error: Error) => void;
};

export type RunnerHandle = {
	isRunning(): boolean;
	/** Has it look for jobs of these workflows now: the NOTIFY of what this process adds takes longer than the statement's own answer. */
	nudge(names: ReadonlySet<string>): void;
	stop(): Promise<void>;
};

/** Runs jobs until stopped. graphile-worker ends its runner when it can't write a job's end; then a new one takes over. */
const startRunner = async ({ db, addJobs, workflows, isRegistered, concurrency, slots, log, onFatal }: Options): Promise<RunnerHandle> => {
	const taskList: TaskList = Object.fromEntries(
		workflows.map((workflow) => [
			workflow.name,
			(payload, helpers) => {
				const run = (free: PatientSlots | null) => runJob(workflow, payload, helpers, { db, addJobs, log, isRegistered, slots: free });
				return workflow.patient ? slots.during(() => run(null)) : run(slots);
			},
		]),
	);
	let stopping = false;
	let pool: WorkerPool | null = null;
	let current: { runner: Runner; lock: PoolLock | null; ended: Promise<void> } | null = null;
	let restart: NodeJS.Timeout | null = null;

	const start = async () => {
		const events = new EventEmitter();
		let lock: PoolLock | null = null;
		events.on("pool:create", ({ workerPool }: { workerPool: WorkerPool }) => {
			lock = holdPoolLock(db, workerPool.id, log);
			pool = workerPool;
		});
		events.on("localQueue:returnJobs", ({ jobs }: { jobs: readonly unknown[] }) => {
			setTimeout(() => announce(db, jobs.length), goneBackMs).unref();
		});
		const emptied = Promise.withResolvers<void>();
		for (const event of ["pool:gracefulShutdown:complete", "pool:forcefulShutdown:complete", "pool:forcefulShutdown:error"])
			events.once(event, () => setTimeout(emptied.resolve, lastWritesMs).unref());
		const runner = await run({
			pgPool: db.pool,
			taskList,
			concurrency,
			parsedCronItems: cronItems(workflows),
			noHandleSignals: true,
			gracefulShutdownAbortTimeout: stopAbortMs,
			pollInterval: 1_000,
			logger: graphileLogger(withFields(log, {})),
			events,
			// Unbatched, a job's end that can't be written is an unhandled rejection, and stop() doesn't wait for the last one.
			preset: {
				worker: {
					completeJobBatchDelay: endsBatchedMs,
					failJobBatchDelay: 0,
					localQueue: { size: concurrency, ttl: fetchedAheadMs },
				},
			},
		});
		const ended = Promise.race([runner.promise, emptied.promise]).then(
			() => undefined,
			(error: unknown) => log.error({ err: error }, "the job runner ended"),
		);
		current = { runner, lock, ended };
		void ended.then(async () => {
			if (stopping) return;
			current = null;
			// One that didn't end by itself still has its crons; of one that did nothing is left to stop.
			void runner.stop().catch(() => {});
			// What it still had locked is freed once its lock is gone.
			await (lock as PoolLock | null)?.release();
			again();
		});
	};
	const again = () => {
		if (stopping) return;
		restart = setTimeout(() => {
			start().catch((error: unknown) => {
				if (isDatabaseUnavailable(error)) again();
				else onFatal(error instanceof Error ? error : new Error(String(error)));
			});
		}, restartMs);
	};

	await start();
	return {
		isRunning: () => current !== null,
		nudge: (names) => {
			if (current && workflows.some(({ name }) => names.has(name))) pool?.nudge(1);
		},
		stop: async () => {
			stopping = true;
			if (restart) clearTimeout(restart);
			// Stopping a runner that just ended by itself is refused; there is nothing left to wait for then.
			void current?.runner.stop().catch(() => {});
			await current?.ended;
			await current?.lock?.release();
		},
	};
};

/**
 * A runner for the patient workflows and one for the others, so that attempts that hang never hold up what is short. Patient children
 * that follow their short parents hang in its runner, which has half as many slots for them besides.
 */
export const startRunners = async (
	options: Omit<Options, "isRegistered" | "slots"> & { shortConcurrency: number },
): Promise<RunnerHandle> => {
	const { workflows, concurrency, shortConcurrency } = options;
	const names = new Set(workflows.map(({ name }) => name));
	const mostChildren = Math.floor(concurrency / 2);
	const slots = createPatientSlots(concurrency, mostChildren);
	const groups = [
		{ workflows: workflows.filter(({ patient }) => patient), concurrency },
		{ workflows: workflows.filter(({ patient }) => !patient), concurrency: shortConcurrency + mostChildren },
	];
	const runners: RunnerHandle[] = [];
	const stop = async () => {
		await Promise.all(runners.map((runner) => runner.stop()));
	};
	try {
		for (const group of groups)
			if (group.workflows.length > 0)
				runners.push(await startRunner({ ...options, ...group, slots, isRegistered: ({ name }) => names.has(name) }));
	} catch (error) {
		await stop();
		throw error;
	}
	return {
		isRunning: () => runners.every((runner) => runner.isRunning()),
		nudge: (names) => {
			for (const runner of runners) runner.nudge(names);
		},
		stop,
	};
};
