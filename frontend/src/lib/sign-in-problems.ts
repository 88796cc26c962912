import type { SignInProblem } from "@agentplanner/contracts";

type Sentence = { title: string; remedy: string };

const sentences: Record<SignInProblem, Sentence> = {
	denied: { title: "GitHub was not allowed to sign you in", remedy: "You pressed Cancel there. Try again, or use your password." },
	expired: {
		title: "That sign-in is no longer good",
		remedy: "It took too long, or began in another tab or browser. Start again from here.",
	},
	no_verified_email: {
		title: "GitHub has no verified e-mail address of yours",
		remedy: "Verify your primary address at GitHub, under Settings → Emails, and try again.",
	},
	email_taken: {
		title: "Your e-mail address already has an account here",
		remedy: "Sign in with its password first. Then you can link GitHub in your account.",
	},
	sign_up_closed: {
		title: "Accounts are made by invitation here",
		remedy: "Ask an owner or admin of a project to invite the primary address of your GitHub account.",
	},
	linked_elsewhere: {
		title: "This GitHub account belongs to another account here",
		remedy: "Sign in with GitHub to use that one, or unlink it there first.",
	},
	another_linked: { title: "Another GitHub account is linked already", remedy: "Unlink that one first." },
	too_many_tries: { title: "Too many tries from your address", remedy: "Wait a quarter of an hour and try again." },
	unavailable: {
		title: "GitHub could not be asked who you are",
		remedy: "Try again in a moment, or use your password. If it stays so, whoever runs this installation finds the reason in the log.",
	},
};

/** What happened, and what to do about it. */
export const describeSignInProblem = (problem: SignInProblem): Sentence => sentences[problem];
