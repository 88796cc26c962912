import { setTimeout as sleep } from "node:timers/promises";
import {
	BulkTriggerIdempotencyCollisionError,
	type Context,
	type HatchetClient,
	IdempotencyCollisionError,
	type JsonObject,
	NonRetryableError as SdkNonRetryableError,
} from "@hatchet-dev/typescript-sdk";
import { childInputs } from "../run/child-inputs.ts";
import { cronInput } from "../run/cron-input.ts";
import { inChunks } from "../run/in-chunks.ts";
import { parseInput } from "../run/parse-input.ts";
import { withFields } from "../run/run-log.ts";
import { withTimeout } from "../run/with-timeout.ts";
import {
	NonRetryableError,
	type RunContext,
	type RunLog,
	type Step,
	type WakeInput,
	type WakeMetadata,
	type Workflow,
} from "../workflow.ts";
import { cronTick } from "./cron-tick.ts";
import { executionTimeout, idempotencyMs, maxBytesPerCall, maxPerCall, scheduleTimeout } from "./limits.ts";
import { isRefusal } from "./unavailable.ts";

/** Hatchet wants objects as outputs. */
type Output = { value: unknown };
type Declaration = ReturnType<HatchetClient["workflow"]>;

export type Declarations = {
	/** By name; spawning finds its child here. */
	workflows: Map<string, Declaration>;
	/** Runs at work in this process. */
	running: Set<Promise<unknown>>;
};

type Options = { client: HatchetClient; log: RunLog; declarations: Declarations };

const retryPace = { backoff: { factor: 2, maxSeconds: 60 }, scheduleTimeout } as const;

const ownMetadata = (context: Context<unknown>): WakeMetadata =>
	Object.fromEntries(Object.entries(context.additionalMetadata() ?? {}).filter(([key]) => !key.startsWith("hatchet__")));

const isCollision = (error: unknown) => error instanceof IdempotencyCollisionError || error instanceof BulkTriggerIdempotencyCollisionError;

// Hatchet starts few runs with an idempotency key at once and refuses the others; a moment later there is room.
const spawnPausesMs = [50, 150, 400, 1_000, 2_000];

/**
 * The wake id makes a child one: its workflow's idempotency key. Hatchet's child key must not, since Hatchet remembers the key of a child
 * that it then failed to start, and takes the same key for done: each try has its own.
 */
const spawnRuns = async (declaration: Declaration, inputs: WakeInput[], metadata: WakeMetadata, context: Context<unknown>) => {
	for (const chunk of inChunks(inputs, maxPerCall, maxBytesPerCall)) {
		const start = async (attempt: string) => {
			const runs = chunk.map((input) => ({
				input: input as unknown as JsonObject,
				opts: { additionalMetadata: metadata, childKey: `${input.wakeId}#${attempt}` },
			}));
			// A collision means that a run with this wake id exists already; those beside it were started.
			await declaration.runManyNoWait(runs).catch((error: unknown) => {
				if (!isCollision(error)) throw error;
			});
		};
		await persist(start, context);
	}
};

const persist = async (start: (attempt: string) => Promise<void>, context: Context<unknown>) => {
	for (let round = 0; ; round += 1) {
		try {
			return await start(`${context.retryCount()}.${round}`);
		} catch (error) {
			const pauseMs = spawnPausesMs[round];
			if (pauseMs === undefined || isRefusal(error)) throw error;
			await sleep(pauseMs * (0.5 + Math.random()), undefined, { signal: context.abortController.signal });
		}
	}
};

const runStep = async (workflow: Workflow, step: Step, earlier: string[], context: Context<unknown>, options: Options): Promise<Output> => {
	const started = performance.now();
	const metadata = ownMetadata(context);
	const attempt = context.retryCount() + 1;
	const { wakeId } = context.input as Partial<WakeInput>;
	const log = withFields(options.log, { workflow: workflow.name, step: step.name, wakeId, attempt, ...metadata });
	try {
		const input = parseInput(workflow, context.input);
		const results: Record<string, unknown> = {};
		for (const name of earlier) results[name] = ((await context.parentOutput(name)) as Output).value;
		const spawn: RunContext["spawn"] = async (child, inputs) => {
			const declaration = options.declarations.workflows.get(child.name);
			if (!declaration) throw new NonRetryableError(`Workflow ${child.name} is not registered in this worker`);
			await spawnRuns(declaration, childInputs(input.wakeId, inputs), metadata, context);
		};
		const run = (signal: AbortSignal) => step.run(input, { signal, attempt, wakeId: input.wakeId, metadata, log, spawn }, results);
		const value = await withTimeout(workflow.timeoutMs, context.abortController.signal, run);
		log.debug({ durationMs: Math.round(performance.now() - started) }, "run finished");
		return { value: value ?? null };
	} catch (error) {
		const permanent = error instanceof NonRetryableError;
		const ends = permanent || attempt > workflow.retries;
		log.error({ err: error, durationMs: Math.round(performance.now() - started) }, ends ? "run gave up" : "run failed");
		throw permanent ? new SdkNonRetryableError(error.message) : error;
	}
};

/** One Hatchet workflow: its steps are the tasks of a DAG, each after all the ones before it. */
const declareSteps = (workflow: Workflow, options: Options): Declaration => {
	const declaration = options.client.workflow({
		name: workflow.name,
		onEvents: workflow.on,
		// Keys are global to the tenant, and an expression that fails skips the run without a word: only what is always there.
		idempotency: { strategy: "ttl", ttlMs: idempotencyMs, expression: `'${workflow.name}:' + input.wakeId` },
	});
	const tasks: ReturnType<Declaration["task"]>[] = [];
	for (const step of workflow.steps) {
		const earlier = tasks.map((task) => task.name);
		const task = declaration.task({
			name: step.name,
			parents: [...tasks],
			retries: workflow.retries,
			executionTimeout: executionTimeout(workflow.timeoutMs),
			...retryPace,
			fn: async (_: unknown, context: Context<unknown>) => {
				const run = runStep(workflow, step, earlier, context, options);
				options.declarations.running.add(run);
				try {
					return (await run) as never;
				} finally {
					options.declarations.running.delete(run);
				}
			},
		});
		tasks.push(task as ReturnType<Declaration["task"]>);
	}
	return declaration;
};

/**
 * A cron run has no input, so the idempotency expression would skip it without a word. Therefore the tick starts a workflow of
 * its own, without a key, which spawns the real one under the tick as its wake id.
 */
const declareCron = (workflow: Workflow, cron: string, { client, declarations }: Options): Declaration => {
	const declaration = client.workflow({ name: `${workflow.name}.cron`, onCrons: [cron] });
	declaration.task({
		name: "tick",
		retries: 5,
		executionTimeout: executionTimeout(20_000),
		...retryPace,
		fn: async (_: unknown, context: Context<unknown>) => {
			const target = declarations.workflows.get(workflow.name);
			// When the tick was started, so that a late or repeated run of it still means the same minute.
			const tick = cronInput(cronTick(cron, context.action.taskInsertedAt ?? new Date()));
			if (target) await spawnRuns(target, [tick], {}, context);
			return {};
		},
	});
	return declaration;
};

/** What to register with Hatchet for a list of workflows. */
export const declareWorkflows = (workflows: Workflow[], client: HatchetClient, log: RunLog) => {
	const declarations: Declarations = { workflows: new Map(), running: new Set() };
	const options = { client, log, declarations };
	const groups: Record<"patient" | "short", Declaration[]> = { patient: [], short: [] };
	for (const workflow of workflows) {
		const declaration = declareSteps(workflow, options);
		declarations.workflows.set(workflow.name, declaration);
		groups[workflow.patient ? "patient" : "short"].push(declaration);
		if (workflow.cron !== undefined) groups.short.push(declareCron(workflow, workflow.cron, options));
	}
	return { ...groups, running: declarations.running };
};
