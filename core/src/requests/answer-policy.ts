import type { AnswerPolicy } from "@agentplanner/contracts";

/** One who was asked: what came from them so far, and whether something still can. */
export type Respondent = { answered: boolean; declined: boolean; reachable: boolean };

export type Verdict = "open" | "completed" | "rejected" | "failed";

/** How many answers the policy needs of that many asked. */
export const answersNeeded = (policy: AnswerPolicy, asked: number): number =>
	policy.kind === "first" ? 1 : policy.kind === "quorum" ? policy.count : asked;

/**
 * What the policy makes of the answers so far. A decline is an answer "no": with `all` it counts as that agent's word, with
 * `first` and `quorum` it doesn't help. When the policy can't be met any more the request ends: `rejected` if all who answered
 * declined, else `failed`.
 */
export const judge = (policy: AnswerPolicy, respondents: Respondent[]): Verdict => {
	const answered = respondents.filter((one) => one.answered).length;
	const declined = respondents.filter((one) => !one.answered && one.declined).length;
	const possible = respondents.filter((one) => !one.answered && !one.declined && one.reachable).length;

	if (policy.kind === "all") {
		if (answered + declined === respondents.length) return answered > 0 ? "completed" : declined > 0 ? "rejected" : "failed";
		if (answered + declined + possible === respondents.length) return "open";
	} else {
		const needed = answersNeeded(policy, respondents.length);
		if (answered >= needed) return "completed";
		if (answered + possible >= needed) return "open";
	}
	return answered === 0 && declined > 0 ? "rejected" : "failed";
};
