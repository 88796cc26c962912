import type { SignInProblem } from "@agentplanner/contracts";
import { DomainError } from "../errors.ts";

const sentences: Record<SignInProblem, string> = {
	denied: "The sign-in was cancelled there. Try again, and allow it.",
	expired: "The sign-in took too long, or was begun in another browser. Begin again.",
	no_verified_email: "The account there has no verified primary e-mail address. Verify it there, then try again.",
	email_taken: "There is an account with this e-mail address already. Sign in by password, then link the other account.",
	sign_up_closed: "New accounts are made by invitation here. Ask for one.",
	linked_elsewhere: "This account is linked to somebody else's here. Unlink it there first.",
	another_linked: "Another account of this kind is linked already. Unlink it first.",
	too_many_tries: "Too many failed sign-ins. Wait a while and try again.",
	unavailable: "The other side can't be reached just now. Try again in a few minutes.",
};

/** Signing in with, or linking, an account elsewhere came to nothing; `problem` is what the page turns into a sentence of its own. */
export class SignInRefusedError extends DomainError {
	readonly problem: SignInProblem;
	constructor(problem: SignInProblem, cause?: unknown) {
		super("forbidden", sentences[problem], { cause });
		this.problem = problem;
	}
}
