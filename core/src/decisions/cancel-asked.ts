import { and, decisionRequests, eq, isNotNull } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { closeDecision } from "./close-decision.ts";
import type { DecisionRow } from "./read-decisions.ts";

const byTheEndOfItsRequest = {
	status: "cancelled",
	optionId: null,
	closedBy: null,
	closedByUserId: null,
	closedVia: null,
	externalId: null,
} as const;

/** What the agents of this locked request have asked people and nobody has decided. The query is on its way when the call returns. */
export const lockAsked = async (tx: Tx<ProjectContext>, requestId: string): Promise<DecisionRow[]> =>
	tx.db
		.select()
		.from(decisionRequests)
		.where(
			and(
				eq(decisionRequests.agentRequestId, requestId),
				eq(decisionRequests.status, "pending"),
				isNotNull(decisionRequests.askedDeliveryId),
			),
		)
		.orderBy(decisionRequests.id)
		.for("no key update")
		.execute();

/** Nobody waits for these any more, since their request has ended; people who were told of them hear that. */
export const cancelAsked = async (tx: Tx<ProjectContext>, asked: DecisionRow[]): Promise<void> => {
	for (const decision of asked) await closeDecision(tx, decision, byTheEndOfItsRequest);
};
