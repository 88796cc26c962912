import type { SignInProblem } from "@agentplanner/contracts";
import { DomainError } from "../errors.ts";

/** Signing in with, or linking, an account elsewhere came to nothing; `problem` is what the page turns into a sentence. */
export class SignInRefusedError extends DomainError {
	readonly problem: SignInProblem;
	constructor(problem: SignInProblem, cause?: unknown) {
		super("forbidden", `Signing in was refused: ${problem}.`, { cause });
		this.problem = problem;
	}
}
