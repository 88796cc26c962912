import type { MessageContent } from "@agentplanner/contracts";
import { messageDeliveries, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { wakeDelivery } from "../deliveries/wake-delivery.ts";
import { emit } from "../emit.ts";
import type { RequestRow } from "./lock-request.ts";

/** Reminds whoever was reached and owes the locked request an answer: one delivery each, under the message that asked. */
export const nudgeAgents = async (tx: Tx<ProjectContext>, request: RequestRow): Promise<void> => {
	const owing = await findOwing(tx, request.id);
	if (owing.length === 0) return;
	const content: Omit<Extract<MessageContent, { kind: "nudge" }>, "agent"> = {
		kind: "nudge",
		agent_request_id: request.id,
		question: request.question,
		asked_by: request.askedBy,
		asked_at: request.createdAt.toISOString(),
		deadline_at: request.deadlineAt.toISOString(),
		nudged_at: tx.now().toISOString(),
	};
	const { projectId, traceId, requestId } = tx;
	await tx.db
		.insert(messageDeliveries)
		.values(
			owing.map(({ agent, ...place }) => ({
				...{ ...place, projectId, agentRequestId: request.id, kind: content.kind, traceId, requestId },
				content: { ...content, agent },
			})),
		)
		.execute();
	const data = { agent_request_id: request.id };
	for (const { id } of owing) wakeDelivery(tx, id, data);
	emit(tx, { type: "agent.request.nudged", subjectId: request.id, data: { ...data, node_id: request.nodeId, reminded: owing.length } });
};

type Owing = {
	id: string;
	integrationId: string;
	openPlanId: string | null;
	address: string;
	agentId: string | null;
	agent: { id: string; name: string } | null;
};

/**
 * Where each of them read the question last. Not those whose answer has come, though it may not be applied yet, nor those who wait for
 * a person's reply themselves.
 */
const findOwing = async (tx: Tx<ProjectContext>, requestId: string): Promise<Owing[]> => {
	const { rows } = await tx.db.execute<Owing>(sql`
		select distinct on (asked.respondent) uuidv7() as id, asked.integration_id as "integrationId", asked.open_plan_id as "openPlanId", asked.address, asked.agent_id as "agentId",
			asked.content -> 'agent' as agent
		from (
			select *, coalesce('agent:' || agent_id, 'route:' || integration_id || '/' || address) as respondent
			from message_deliveries
			where agent_request_id = ${requestId} and kind = 'request' and status in ('delivered', 'acknowledged')
		) asked
		where not exists (
			select from agent_responses said
			where said.agent_request_id = ${requestId} and said.respondent = asked.respondent and (
				said.applied_at is null
				or said.outcome = 'accepted' and (said.kind <> 'input_required' or not exists (
					select from message_deliveries reply
					where reply.agent_request_id = ${requestId} and reply.question_id = said.id and reply.status not in ('dead', 'cancelled', 'superseded')
				))
			)
		)
		order by asked.respondent, asked.delivered_at desc nulls last, asked.id desc`);
	return rows;
};
