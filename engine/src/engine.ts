import type { Wake, Workflow } from "./workflow.ts";

export type PushFailure = { wakeId: string; error: Error };

export type EngineHealth = { ok: boolean; engine: string; detail: string; remedy: string | null };

/** Durable execution, as far as the product relies on it. What one of the two engines can't do is not on it. */
export type Engine = {
	name: "hatchet" | "postgres";
	/**
	 * Starts a run of every workflow that listens, at least once per wake. Answers with the wakes that the engine refused for
	 * what they are (too large, malformed); throws EngineUnavailableError when it took none because it can't be reached.
	 */
	push(wakes: Wake[]): Promise<PushFailure[]>;
	/** Registers the workflows and runs them from now on; resolves once events pushed from now on will find them. */
	work(workflows: Workflow[]): Promise<void>;
	health(): Promise<EngineHealth>;
	/** Takes no new work, lets what runs finish, lets go of everything. */
	stop(): Promise<void>;
	/** Resolves with the reason when the engine can't go on in this process: exit and be started again. */
	failed: Promise<Error>;
};

/** The engine can't be reached; `remedy` says what to do. */
export class EngineUnavailableError extends Error {
	override name = "EngineUnavailableError";
	readonly remedy: string;
	constructor(message: string, remedy: string, cause?: unknown) {
		super(message, { cause });
		this.remedy = remedy;
	}
}
