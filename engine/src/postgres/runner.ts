import { EventEmitter } from "node:events";
import { type Database, isDatabaseUnavailable } from "@agentplanner/db";
import { type ParsedCronItem, parseCronItems, type Runner, run, type TaskList, type WorkerPool } from "graphile-worker";
import { withFields } from "../run/run-log.ts";
import type { RunLog, Workflow } from "../workflow.ts";
import { graphileLogger } from "./graphile-logger.ts";
import { maxAttemptsOf } from "./job.ts";
import { holdPoolLock, type PoolLock } from "./pool-lock.ts";
import { runJob } from "./run-job.ts";

/** Runs may take this long after `stop()` before their signal aborts: as long as a workflow's timeout may be. */
const stopAbortMs = 25_000;
const restartMs = 500;

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

type Options = { db: Database; workflows: Workflow[]; concurrency: number; log: RunLog; onFatal: (error: Error) => void };

export type RunnerHandle = { isRunning(): boolean; stop(): Promise<void> };

/** Runs jobs until stopped. graphile-worker ends its runner when it can't write a job's end; then a new one takes over. */
export const startRunner = async ({ db, workflows, concurrency, log, onFatal }: Options): Promise<RunnerHandle> => {
	const byName = new Map(workflows.map((workflow) => [workflow.name, workflow]));
	const isRegistered = (workflow: Workflow) => byName.has(workflow.name);
	const taskList: TaskList = Object.fromEntries(
		workflows.map((workflow) => [workflow.name, (payload, helpers) => runJob(workflow, payload, helpers, { db, log, isRegistered })]),
	);
	let stopping = false;
	let current: { runner: Runner; lock: PoolLock | null; ended: Promise<void> } | null = null;
	let restart: NodeJS.Timeout | null = null;

	const start = async () => {
		const events = new EventEmitter();
		let lock: PoolLock | null = null;
		events.on("pool:create", ({ workerPool }: { workerPool: WorkerPool }) => {
			lock = holdPoolLock(db, workerPool.id, log);
		});
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
			preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
		});
		const ended = runner.promise.then(
			() => undefined,
			(error: unknown) => log.error({ err: error }, "the job runner ended"),
		);
		current = { runner, lock, ended };
		void ended.then(async () => {
			if (stopping) return;
			current = null;
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
		stop: async () => {
			stopping = true;
			if (restart) clearTimeout(restart);
			// Stopping a runner that just ended by itself is refused; there is nothing left to wait for then.
			await current?.runner.stop().catch(() => {});
			await current?.ended;
			await current?.lock?.release();
		},
	};
};
