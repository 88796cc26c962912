import { Id, type WakeType } from "@agentplanner/contracts";
import { z } from "zod";

/**
 * Input of every run: ids, and the small data of the event or timer that woke it. `wakeId` is what engines dedupe by:
 * the event's id, `<timer id>:<fired>`, or `<parent's wake id>/<row id>` for a spawned child.
 */
export const WakeInput = z.object({
	wakeId: z.string().min(1).max(300),
	projectId: Id.nullable(),
	subjectId: Id,
	data: z.record(z.string(), z.unknown()).default({}),
});
export type WakeInput = z.infer<typeof WakeInput>;

/** Searchable in the engine's own dashboard, and the trace that goes on: `traceparent`, `agentRequestId`, `projectId`. */
export type WakeMetadata = Record<string, string>;

/** Something the relay tells the engine: whoever listens to `type` runs with `input`. */
export type Wake = { type: WakeType; input: WakeInput; metadata: WakeMetadata };

export type RunLog = {
	debug(fields: object, message: string): void;
	info(fields: object, message: string): void;
	warn(fields: object, message: string): void;
	error(fields: object, message: string): void;
};

export type RunContext = {
	/** Aborts on timeout and on a stop that can't wait any longer. */
	signal: AbortSignal;
	/** 1 for the first run, counted up by the engine's retries. */
	attempt: number;
	wakeId: string;
	metadata: WakeMetadata;
	log: RunLog;
	/** Starts one child run per input under the wake id `<ours>/<subjectId>`; never waits for them. Repeating it is harmless. */
	spawn(workflow: Workflow, inputs: Omit<WakeInput, "wakeId">[]): Promise<void>;
};

export type Step<Input = WakeInput> = {
	name: string;
	/** `results` holds what the earlier steps returned, by name; JSON only. */
	run(input: Input, context: RunContext, results: Record<string, unknown>): Promise<unknown>;
};

export type Workflow<Input extends WakeInput = WakeInput> = {
	name: string;
	/** Trigger events and timers that start a run. */
	on: WakeType[];
	/** Five-field crontab line, UTC. A cron run's input has `cron/<tick>` as its wake id and `noSubject` as its subject. */
	cron?: string;
	input: z.ZodType<Input>;
	/** Retries of a run that threw: our own failures only. */
	retries: number;
	/** Longest a step may take, 25 s at most: a worker that stops waits for it, and Hatchet overtakes one that takes longer. */
	timeoutMs: number;
	/** Its runs wait for others, who may hang: they have slots of their own, which the rest never waits for. */
	patient?: true;
	/** In order; a failing step does not repeat the ones before it, though a killed worker's may be repeated. */
	steps: Step<Input>[];
};

type WorkflowDefinition<Input extends WakeInput> = Omit<Workflow<Input>, "steps" | "input" | "on"> & {
	on?: WakeType[];
	input?: z.ZodType<Input>;
} & ({ run(input: Input, context: RunContext): Promise<unknown> } | { steps: Step<Input>[] });

/** A workflow is data plus one function, or a few named steps; both engines run the same value. A single step has its name. */
export const workflow = <Input extends WakeInput = WakeInput>(definition: WorkflowDefinition<Input>): Workflow<Input> => {
	const { name, on, cron, input, retries, timeoutMs, patient } = definition;
	return {
		name,
		on: on ?? [],
		...(cron === undefined ? {} : { cron }),
		...(patient ? { patient } : {}),
		// Without a schema of its own a workflow takes the common input.
		input: input ?? (WakeInput as unknown as z.ZodType<Input>),
		retries,
		timeoutMs,
		steps: "steps" in definition ? definition.steps : [{ name, run: definition.run }],
	};
};

/** Thrown in a run when trying again can't help: the engine gives up at once. */
export class NonRetryableError extends Error {
	override name = "NonRetryableError";
}
