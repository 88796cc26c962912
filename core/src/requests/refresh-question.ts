import type { Reason } from "@agentplanner/contracts";
import { agentRequests, eq, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { reasons } from "../reasons.ts";
import { isOpen, type RequestRow, requestColumns } from "./lock-request.ts";
import { timeLadder } from "./time-ladder.ts";

export type OpenQuestion = { id: string; deliveryId: string; text: string; undelivered: boolean; lastReason: Reason | null };

/**
 * What an agent of this request still waits to hear: the newest accepted question whose asker has not answered, and to which no
 * reply is there or on its way. A reply that died has not been given.
 */
export const readOpenQuestion = async (tx: Tx<ProjectContext>, requestId: string): Promise<OpenQuestion | null> => {
	const { rows } = await tx.db.execute<OpenQuestion & Record<string, unknown>>(sql`
		select question.id, question.delivery_id as "deliveryId", question.text, dead.id is not null as undelivered, dead.reason as "lastReason"
		from agent_responses question
		left join lateral (
			select id, reason from message_deliveries where agent_request_id = ${requestId} and question_id = question.id and status = 'dead' order by id desc limit 1
		) dead on true
		where question.agent_request_id = ${requestId} and question.delivery_id is not null and question.kind = 'input_required' and question.outcome = 'accepted'
			and not exists (
				select from agent_responses answer
				where answer.agent_request_id = ${requestId} and answer.respondent = question.respondent
					and answer.outcome = 'accepted' and answer.kind <> 'input_required'
			)
			and not exists (
				select from message_deliveries reply
				where reply.agent_request_id = ${requestId} and reply.question_id = question.id
					and reply.status not in ('dead', 'cancelled', 'superseded')
			)
		order by question.created_at desc, question.id desc limit 1`);
	return rows[0] ?? null;
};

/**
 * Brings a locked request in line with what its agents still ask: it waits for a person as long as there is an open question, and
 * works again once there is none. Its deliveries are locked, or nobody else can change what was asked. Called wherever a question
 * is asked, replied to, taken back, or its reply can't be delivered.
 */
export const refreshQuestion = async (tx: Tx<ProjectContext>, request: RequestRow): Promise<RequestRow> => {
	if (!isOpen(request) || request.status === "queued") return request;
	const question = await readOpenQuestion(tx, request.id);
	if (!question && request.status !== "input_required") return request;
	const reason = question?.undelivered ? reasons.replyUndelivered(question.lastReason) : null;
	const asked =
		request.status === "input_required" && request.inputDeliveryId === question?.deliveryId && request.inputQuestion === question.text;
	if (asked && request.reason?.message === reason?.message) return request;
	const [row] = await tx.db
		.update(agentRequests)
		.set({
			status: question ? "input_required" : "working",
			inputQuestion: question?.text ?? null,
			inputDeliveryId: question?.deliveryId ?? null,
			reason,
			workedAt: sql`now()`,
			updatedAt: sql`now()`,
			version: sql`version + 1`,
		})
		.where(eq(agentRequests.id, request.id))
		.returning(requestColumns);
	if (!row) throw new Error("The locked request is gone.");
	await timeLadder(tx, row);
	emit(tx, {
		type: question ? "agent.request.input.required" : "agent.request.working",
		subjectId: row.id,
		data: { agent_request_id: row.id, node_id: row.nodeId },
	});
	return row;
};
