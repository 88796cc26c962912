import { agentRequests, agentResponses, and, eq, isNull, lte, sql } from "@agentplanner/db";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { reasons } from "../reasons.ts";
import { askNextAgent } from "./ask-in-turn.ts";
import { closeRequest } from "./close-request.ts";
import { escalateRequest } from "./escalate-request.ts";
import { nextStep } from "./ladder.ts";
import { isOpen, type RequestRow, requestColumns } from "./lock-request.ts";
import { nudgeAgents } from "./nudge-agents.ts";
import { timeLadder } from "./time-ladder.ts";

/** Does the step of a request's ladder that is due, once, and goes on to the next; does nothing otherwise. */
export const climbLadder = (ctx: ProjectContext, requestId: string): Promise<void> =>
	inTransaction(ctx, async (tx) => {
		const [request] = await tx.db
			.select(requestColumns)
			.from(agentRequests)
			.where(and(eq(agentRequests.projectId, tx.projectId), eq(agentRequests.id, requestId), lte(agentRequests.ladderDueAt, sql`now()`)))
			.for("no key update");
		if (!request || !isOpen(request)) return;
		const next = nextStep(request);
		if (next?.step.do === "expire") return endUnlessAnswered(tx, request);
		if (next?.step.do === "nudge") await nudgeAgents(tx, request);
		if (next?.step.do === "next_agent") await askNextAgent(tx, request);
		if (next?.step.do === "escalate") await escalateRequest(tx, request);
		const [climbed] = await tx.db
			.update(agentRequests)
			.set({ ladderStep: next === null ? request.ladderStep : next.index + 1, updatedAt: sql`now()`, version: sql`version + 1` })
			.where(eq(agentRequests.id, request.id))
			.returning(requestColumns);
		if (!climbed) throw new Error("The locked request is gone.");
		await timeLadder(tx, climbed);
	});

/** What has come and waits to be applied goes first: its timer wakes this again should the request go on. */
const endUnlessAnswered = async (tx: Tx<ProjectContext>, request: RequestRow): Promise<void> => {
	const [waiting] = await tx.db
		.select({ id: agentResponses.id })
		.from(agentResponses)
		.where(and(eq(agentResponses.agentRequestId, request.id), isNull(agentResponses.appliedAt)))
		.limit(1);
	if (!waiting) await closeRequest(tx, request, "expired", reasons.ladderEnded());
};
