import type { MessageContent } from "@agentplanner/contracts";
import { type SQL, sql } from "@agentplanner/db";
import type { RequestRow } from "./lock-request.ts";
import { type Destination, openPlanOf } from "./resolve-destinations.ts";

type Question = Extract<MessageContent, { kind: "request" }>;

/** What everybody is asked, but for the context. */
export const questionOf = (request: RequestRow): Omit<Question, "agent" | "context"> => ({
	kind: "request",
	agent_request_id: request.id,
	question: request.question,
	asked_by: request.askedBy,
	asked_at: request.createdAt.toISOString(),
	deadline_at: request.deadlineAt.toISOString(),
});

/**
 * The end of a statement: a delivery for each destination. It names before `request`, the request's row, and `message`, whose `content` all
 * of them are sent, so that the context, which may be large, goes to the server once at most, however many are asked.
 */
export const insertQuestions = ({ planId }: RequestRow, destinations: Destination[]): SQL => {
	const deliveries = destinations.map((destination) => {
		const { newId, agent, integrationId, address } = destination;
		return { id: newId, agent, integration_id: integrationId, open_plan_id: openPlanOf(destination, planId), address };
	});
	return sql`
		insert into message_deliveries (id, project_id, agent_request_id, kind, integration_id, open_plan_id, agent_id, address, content, trace_id, request_id)
		select delivery.id, request.project_id, request.id, 'request', delivery.integration_id, delivery.open_plan_id, (delivery.agent ->> 'id')::uuid, delivery.address,
			message.content || jsonb_build_object('agent', delivery.agent), request.trace_id, request.request_id
		from request, message, jsonb_to_recordset(${JSON.stringify(deliveries)}::jsonb)
			as delivery (id uuid, agent jsonb, integration_id uuid, open_plan_id uuid, address text)`;
};
