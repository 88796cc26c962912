import type { AnswerPolicy } from "@agentplanner/contracts";
import { agentResponses, and, eq, inArray, messageDeliveries, type SQL } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { deliveryColumns } from "../deliveries/delivery-row.ts";
import { reasons } from "../reasons.ts";
import { answersNeeded, judge, type Respondent } from "./answer-policy.ts";
import { askNextAgent } from "./ask-in-turn.ts";
import { closeRequest } from "./close-request.ts";
import { isOpen, type RequestRow } from "./lock-request.ts";
import { respondentOf } from "./resolve-destinations.ts";

/** A respondent can still answer while one of its deliveries is in any state but these. */
const endedStatuses = ["dead", "cancelled", "superseded"];

/**
 * Judges a locked request by its answer policy after something changed (an answer was applied, a delivery died), and ends it
 * if there is a verdict; where it asks in turn, the next one is asked before it is given up. A person's own answer is final under every policy: the planner has what was asked for.
 */
export const settleOutcome = async (tx: Tx<ProjectContext>, request: RequestRow): Promise<void> => {
	if (!isOpen(request)) return;
	const ofRequest: SQL = eq(messageDeliveries.agentRequestId, request.id);
	const deliveries = await tx.db
		.select(deliveryColumns)
		.from(messageDeliveries)
		.where(and(ofRequest, eq(messageDeliveries.kind, "request")))
		.orderBy(messageDeliveries.updatedAt);
	const responses = await tx.db
		.select({ respondent: agentResponses.respondent, kind: agentResponses.kind })
		.from(agentResponses)
		.where(
			and(
				eq(agentResponses.agentRequestId, request.id),
				eq(agentResponses.outcome, "accepted"),
				inArray(agentResponses.kind, ["answer", "declined"]),
			),
		);

	if (responses.some((response) => response.kind === "answer" && response.respondent.startsWith("user:"))) {
		await closeRequest(tx, request, "completed", null);
		return;
	}
	// Nobody has been asked yet, so nobody can have failed to answer.
	if (request.status === "queued") return;
	const asked = Map.groupBy(deliveries, respondentOf);
	const respondents = [...asked].map(([name, copies]): Respondent => {
		const own = responses.filter((response) => response.respondent === name);
		return {
			answered: own.some((response) => response.kind === "answer"),
			declined: own.some((response) => response.kind === "declined"),
			reachable: copies.some((delivery) => !endedStatuses.includes(delivery.status)),
		};
	});
	const verdict = judge(request.answerPolicy, respondents);
	if (verdict === "open" || (verdict !== "completed" && (await askNextAgent(tx, request)))) return;
	const lastDead = deliveries.filter((delivery) => delivery.status === "dead").at(-1)?.reason ?? null;
	await closeRequest(tx, request, verdict, verdict === "completed" ? null : reasonOf(verdict, request.answerPolicy, respondents, lastDead));
};

const reasonOf = (verdict: "rejected" | "failed", policy: AnswerPolicy, respondents: Respondent[], lastDead: RequestRow["reason"]) => {
	if (verdict === "rejected") return reasons.declined();
	const answered = respondents.filter((one) => one.answered).length;
	return answered === 0 ? reasons.undeliverable(lastDead) : reasons.policyUnmet(answered, answersNeeded(policy, respondents.length));
};
