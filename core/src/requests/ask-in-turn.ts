import { and, eq, messageDeliveries, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { wakeDelivery } from "../deliveries/wake-delivery.ts";
import { emit } from "../emit.ts";
import { answersNeeded } from "./answer-policy.ts";
import { insertQuestions, questionOf } from "./insert-questions.ts";
import { asksInTurn } from "./ladder.ts";
import type { RequestRow } from "./lock-request.ts";
import { type Destination, resolveDestinationsOf, respondentOf } from "./resolve-destinations.ts";

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
			with request as (
				select id, project_id, trace_id, request_id, context from agent_requests where id = ${request.id}
			), message as (
				select ${JSON.stringify(questionOf(request))}::jsonb || jsonb_build_object('context', context) as content from request
			)
			${insertQuestions(request, next)}`)
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
