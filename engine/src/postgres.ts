import { isDatabaseUnavailable, openDatabase } from "@agentplanner/db";
import { makeWorkerUtils, type WorkerUtils } from "graphile-worker";
import { type Engine, EngineUnavailableError, type PushFailure } from "./engine.ts";
import { graphileLogger } from "./postgres/graphile-logger.ts";
import { jobOf } from "./postgres/job.ts";
import { createJobAdder } from "./postgres/job-adder.ts";
import { startMaintenance } from "./postgres/maintenance.ts";
import { type RunnerHandle, startRunners } from "./postgres/runner.ts";
import { refuseInput } from "./run/refuse-input.ts";
import type { RunLog, Wake, Workflow } from "./workflow.ts";

export type PostgresEngineOptions = {
	url: string;
	log: RunLog;
	/** Patient runs at once in this process, beside at most 5 others; children that came first may make it half as many more for a while. */
	concurrency?: number;
};

const mostShort = 5;

const unavailable = (cause: unknown) =>
	new EngineUnavailableError(
		`The Postgres engine can't reach its database: ${cause instanceof Error ? cause.message : String(cause)}`,
		"Check that PostgreSQL runs and that DATABASE_URL is right; work waits in the outbox and goes on by itself.",
		cause,
	);

/** Durable execution on the product's own database, by graphile-worker. */
export const createPostgresEngine = ({ url, log, concurrency = 10 }: PostgresEngineOptions): Engine => {
	const shortConcurrency = Math.min(concurrency, mostShort);
	// Beside one connection per run, of which patient ones need theirs only at their ends: job listener and pool lock of both runners,
	// sweep, push.
	const db = openDatabase({
		url,
		name: "agentplanner-engine",
		poolSize: concurrency + shortConcurrency + 6,
		// Jobs, their ends and their results: at least once is what they promise. A job whose end is forgotten runs again; one that is
		// forgotten itself is so together with the end of its outbox row, which came after it, and is pushed or woken again.
		mayForget: true,
		onError: (error) => log.warn({ err: error }, "engine connection lost"),
	});
	let workflows: Workflow[] = [];
	let handle: RunnerHandle | null = null;
	let maintenance: { stop(): Promise<void> } | null = null;
	let utils: Promise<WorkerUtils> | null = null;
	const { promise: failed, resolve: onFatal } = Promise.withResolvers<Error>();

	const connect = () => {
		utils ??= makeWorkerUtils({ pgPool: db.pool, logger: graphileLogger(log) }).catch((error: unknown) => {
			utils = null;
			throw isDatabaseUnavailable(error) ? unavailable(error) : error;
		});
		return utils;
	};

	const addJobs = createJobAdder(async (jobs) => {
		const ready = await connect();
		await ready.addJobs(jobs).catch((error: unknown) => {
			throw isDatabaseUnavailable(error) ? unavailable(error) : error;
		});
		handle?.nudge(new Set(jobs.map(({ identifier }) => identifier)));
	});

	const push = async (wakes: Wake[]): Promise<PushFailure[]> => {
		if (!handle) throw new EngineUnavailableError("No workflows are registered in this process yet.", "Call work() before push().");
		const failures: PushFailure[] = [];
		const pushOne = async ({ type, input, metadata }: Wake) => {
			const listeners = workflows.filter((workflow) => workflow.on.includes(type));
			const refusal = refuseInput(input) ?? (listeners.length === 0 ? new Error(`No workflow of this worker listens to ${type}`) : null);
			if (refusal) throw refusal;
			await addJobs(listeners.map((workflow) => jobOf(workflow, input, metadata)));
		};
		await Promise.all(
			wakes.map((wake) =>
				pushOne(wake).catch((reason: unknown) => {
					if (reason instanceof EngineUnavailableError) throw reason;
					failures.push({ wakeId: wake.input.wakeId, error: reason instanceof Error ? reason : new Error(String(reason)) });
				}),
			),
		);
		return failures;
	};

	return {
		name: "postgres",
		push,
		work: async (registered) => {
			const ready = await connect();
			workflows = registered;
			handle = await startRunners({ db, addJobs, workflows, concurrency, shortConcurrency, log, onFatal });
			maintenance = startMaintenance(db, ready, log);
		},
		health: async () => {
			const detail = "graphile-worker on the product's own database";
			try {
				await db.pool.query("select 1");
			} catch (error) {
				const { message, remedy } = unavailable(error);
				return { ok: false, engine: "postgres", detail: message, remedy };
			}
			if (handle && !handle.isRunning())
				return {
					ok: false,
					engine: "postgres",
					detail: "The job runner is being started again.",
					remedy: "Wait a few seconds; the log says why it ended.",
				};
			return { ok: true, engine: "postgres", detail, remedy: null };
		},
		stop: async () => {
			await maintenance?.stop();
			await handle?.stop();
			await (await utils?.catch(() => null))?.release();
			await db.close();
		},
		failed,
	};
};
