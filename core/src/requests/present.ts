import type { AgentRequest, AgentResponse, RequestLadder } from "@agentplanner/contracts";
import type { agentResponses } from "@agentplanner/db";
import { stepsAhead, stepsOf } from "./ladder.ts";
import type { RequestRow } from "./lock-request.ts";
import { type TargetRow, toTarget } from "./targets.ts";

export const presentRequest = (row: RequestRow, targets: TargetRow[]): AgentRequest => ({
	id: row.id,
	project_id: row.projectId,
	plan_id: row.planId,
	node_id: row.nodeId,
	question: row.question,
	status: row.status,
	reason: row.reason,
	answer_policy: row.answerPolicy,
	targets: targets.filter((target) => target.agentRequestId === row.id).map(toTarget),
	progress: row.progress,
	input_question: row.status === "input_required" ? row.inputQuestion : null,
	asked_by: row.askedBy,
	deadline_at: row.deadlineAt.toISOString(),
	ladder: presentLadder(row),
	dispatched_at: row.dispatchedAt?.toISOString() ?? null,
	closed_at: row.closedAt?.toISOString() ?? null,
	created_at: row.createdAt.toISOString(),
	updated_at: row.updatedAt.toISOString(),
});

const presentLadder = (row: RequestRow): RequestLadder | null => {
	if (row.ladder === null) return null;
	const { quiet_hours = null, ...ladder } = row.ladder;
	const ahead = row.ladderDueAt === null ? [] : stepsAhead(row);
	return {
		...ladder,
		steps: stepsOf(row.ladder, row.ladderFrom ?? row.createdAt, row.deadlineAt),
		quiet_hours,
		done: row.ladderStep,
		ahead: ahead.map(({ step, dueAt }) => ({ do: step.do, due_at: dueAt.toISOString() })),
	};
};

export const presentResponse = (row: typeof agentResponses.$inferSelect): AgentResponse => ({
	id: row.id,
	agent_request_id: row.agentRequestId,
	delivery_id: row.deliveryId,
	agent_id: row.agentId,
	respondent: row.respondentName,
	kind: row.kind,
	text: row.text,
	outcome: row.outcome,
	created_at: row.createdAt.toISOString(),
});
