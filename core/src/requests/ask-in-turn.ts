import type { MessageContent } from "@agentplanner/contracts";
import { and, eq, messageDeliveries, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { wakeDelivery } from "../deliveries/wake-delivery.ts";
import { emit } from "../emit.ts";
import { answersNeeded } from "./answer-policy.ts";
import { asksInTurn } from "./ladder.ts";
import type { RequestRow } from "./lock-request.ts";
import { type Destination, openPlanOf, resolveDestinationsOf, respondentOf } from "./resolve-destinations.ts";

const respondentAt = ({ agent, integrationId, address }: Destination): string =>
	respondentOf({ agentId: agent?.id ?? null, integrationId, address });

/** Who is asked first: as many as the answer policy needs where the ladder asks in turn, in the order in which they were named; else all. */
export const firstInTurn = (request: RequestRow, destinations: Destination[]): Destination[] => {
	if (!asksInTurn(request)) return destinations;
	const respondents = [...new Set(destinations.map(respondentAt))];
	const first = new Set(respondents.slice(0, answersNeeded(request.answerPolicy, respondents.length)));
	return destinations.filter((destination) => first.has(respondentAt(destination)));
};

/**
 * Asks the next of those whom the locked request names, by the routes of now; false where it asks everybody at once, or nobody is left. Who
 * was asked before keeps the question: the answer policy says whose word counts.
 */
export const askNextAgent = async (tx: Tx<ProjectContext>, request: RequestRow): Promise<boolean> => {
	if (!asksInTurn(request)) return false;
	const [destinations, asked] = await Promise.all([resolveDestinationsOf(tx, request.id), readAsked(tx, request.id)]);
	const left = destinations.filter((destination) => !asked.has(respondentAt(destination)));
	const next = left.filter((destination) => left[0] && respondentAt(destination) === respondentAt(left[0]));
	if (!next[0]) return false;
	await tx.db
		.execute(sql`
			insert into message_deliveries (id, project_id, agent_request_id, kind, integration_id, open_plan_id, agent_id, address, content, trace_id, request_id)
			select delivery.id, request.project_id, request.id, 'request', delivery.integration_id, delivery.open_plan_id, (delivery.agent ->> 'id')::uuid, delivery.address,
				${JSON.stringify(questionOf(request))}::jsonb || jsonb_build_object('context', request.context, 'agent', delivery.agent),
				request.trace_id, request.request_id
			from agent_requests request, jsonb_to_recordset(${rowsOf(request, next)}::jsonb)
				as delivery (id uuid, agent jsonb, integration_id uuid, open_plan_id uuid, address text)
			where request.id = ${request.id}`)
		.execute();
	const data = { agent_request_id: request.id };
	for (const { newId, integrationId } of next) wakeDelivery(tx, newId, { ...data, integration_id: integrationId });
	emit(tx, {
		type: "agent.request.rerouted",
		subjectId: request.id,
		data: { ...data, node_id: request.nodeId, agent_id: next[0].agent?.id ?? null, deliveries: next.length },
	});
	return true;
};

const readAsked = async (tx: Tx<ProjectContext>, requestId: string): Promise<Set<string>> => {
	const rows = await tx.db
		.select({
			agentId: messageDeliveries.agentId,
			integrationId: messageDeliveries.integrationId,
			address: messageDeliveries.address,
		})
		.from(messageDeliveries)
		.where(and(eq(messageDeliveries.agentRequestId, requestId), eq(messageDeliveries.kind, "request")));
	return new Set(rows.map(respondentOf));
};

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

/** As the statement that queues their deliveries takes them. */
export const rowsOf = ({ planId }: RequestRow, destinations: Destination[]): string =>
	JSON.stringify(
		destinations.map((destination) => {
			const { newId, agent, integrationId, address } = destination;
			return { id: newId, agent, integration_id: integrationId, open_plan_id: openPlanOf(destination, planId), address };
		}),
	);
