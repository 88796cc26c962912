import { agentRequests, eq } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { deleteTimers, setTimers } from "../timers.ts";
import { type NextStep, nextStep } from "./ladder.ts";
import type { RequestRow } from "./lock-request.ts";

/** Writes down when the next step of an open, locked request is due, after something that its clocks count from has changed. */
export const timeLadder = async (tx: Tx<ProjectContext>, request: RequestRow): Promise<void> => {
	if (request.ladder === null) return;
	const next = nextStep(request);
	await tx.db
		.update(agentRequests)
		.set({ ladderDueAt: next?.dueAt ?? null })
		.where(eq(agentRequests.id, request.id));
	setLadderTimer(tx, request.id, next);
};

export const setLadderTimer = (tx: Tx<ProjectContext>, requestId: string, next: NextStep | null): void => {
	const type = "agent.request.ladder.due";
	if (next === null) deleteTimers(tx, requestId, type);
	else setTimers(tx, { type, subjectId: requestId, dueAt: next.dueAt, data: { agent_request_id: requestId, step: next.index } });
};
