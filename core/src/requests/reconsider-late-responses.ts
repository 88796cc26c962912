import { agentResponses, and, eq, ne, notInArray, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import type { ResponseRow } from "../responses/store-response.ts";
import { backstopMs, setTimers } from "../timers.ts";
import type { RequestRow } from "./lock-request.ts";

/** Who has given its answer, or declined; a question back is no such word. */
export const respondentsHeard = (tx: Tx<ProjectContext>, requestId: string) =>
	tx.db
		.select({ respondent: agentResponses.respondent })
		.from(agentResponses)
		.where(
			and(eq(agentResponses.agentRequestId, requestId), eq(agentResponses.outcome, "accepted"), ne(agentResponses.kind, "input_required")),
		);

/** What came after the end of a request that is opened again, from those not heard before, waits to be applied once more. */
export const reconsiderLateResponses = async (tx: Tx<ProjectContext>, closed: RequestRow): Promise<ResponseRow[]> => {
	if (!closed.closedAt) return [];
	const late = await tx.db
		.update(agentResponses)
		.set({ outcome: "received", appliedAt: null })
		.where(
			and(
				eq(agentResponses.agentRequestId, closed.id),
				eq(agentResponses.outcome, "superseded"),
				sql`${agentResponses.appliedAt} >= ${closed.closedAt.toISOString()}::timestamptz`,
				notInArray(agentResponses.respondent, respondentsHeard(tx, closed.id)),
			),
		)
		.returning();
	const data = { agent_request_id: closed.id };
	setTimers(tx, ...late.map(({ id }) => ({ type: "agent.response.record.due" as const, subjectId: id, dueInMs: backstopMs, data })));
	emit(tx, ...late.map(({ id, kind }) => ({ type: "agent.response.received" as const, subjectId: id, data: { ...data, kind } })));
	return late;
};
