import { type AgentResponse, isOpenRequest, type RequestStatus, type RespondInput } from "@agentplanner/contracts";
import { agentRequests, and, eq, messageDeliveries } from "@agentplanner/db";
import { actorName, inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { askForDecision, askOf } from "../decisions/ask-for-decision.ts";
import { ConflictError, NotFoundError, UnprocessableError } from "../errors.ts";
import { authorizeRequest } from "../plans/authorize-plan.ts";
import { acknowledgeRequest, reportProgress } from "../requests/acknowledge-request.ts";
import { asAddressee } from "../requests/addressee.ts";
import { isOpen, lockRequest } from "../requests/lock-request.ts";
import { presentResponse } from "../requests/present.ts";
import { assertOwnRequest } from "../requests/reply-token.ts";
import { respondentOf } from "../requests/resolve-destinations.ts";
import { countReplies, hasSaidEnough, mostLateResponses, responseId, storeResponse } from "./store-response.ts";

type Responded = { response: AgentResponse | null; decision_id: string | null; request_status: RequestStatus };

/**
 * Takes an answer, a decline, a question back, a question for people to decide, or word that somebody works on it, from an agent with its reply token or its own, or
 * from a member. Stored once however often it is sent, also after the request has ended (it is then kept as superseded);
 * of those the first 20 are kept, then it throws ConflictError.
 */
export const respondToRequest = async (caller: ProjectContext, requestId: string, input: RespondInput): Promise<Responded> => {
	await authorizeRequest(caller, "requests:answer", requestId);
	const ctx = await asAddressee(caller, requestId);
	assertOwnRequest(ctx, requestId);
	if (input.type === "working") {
		const request = input.text === "" ? await acknowledgeRequest(ctx, requestId) : await reportProgress(ctx, requestId, input);
		return { response: null, decision_id: null, request_status: request.status };
	}
	if (ctx.actor.type !== "agent" && (input.type === "input_required" || input.type === "decision_required"))
		throw new UnprocessableError("Only agents ask back; as a member reply, answer or decline, or request a decision of its task.", [
			{ field: "body.type", message: "is for agents" },
		]);
	if (input.type === "decision_required") return requestDecision(ctx, requestId, input);
	const { type: kind } = input;
	return inTransaction(ctx, async (tx) => {
		const [[request], replies] = await Promise.all([
			tx.db
				.select({ status: agentRequests.status })
				.from(agentRequests)
				.where(and(eq(agentRequests.projectId, tx.projectId), eq(agentRequests.id, requestId))),
			countReplies(tx, requestId),
		]);
		if (!request) throw new NotFoundError("request");
		const incoming = {
			agentRequestId: requestId,
			...(await responder(tx)),
			respondentName: actorName(tx.actor),
			kind,
			text: input.text,
			externalId: responseId({ kind, text: input.text, id: input.id ?? null }, replies),
		};
		if (!isOpenRequest(request.status)) {
			await lockRequest(tx, requestId);
			if (await hasSaidEnough(tx, incoming))
				throw new ConflictError(
					`This request has ended, and ${mostLateResponses} responses came from you since; no more are kept. Ask for a new request.`,
				);
		}
		const row = await storeResponse(tx, incoming);
		return { response: presentResponse(row), decision_id: null, request_status: request.status };
	});
};

/** Unlike an answer, a question to people that comes too late would only be in their way. */
const requestDecision = (
	ctx: ProjectContext,
	requestId: string,
	input: Extract<RespondInput, { type: "decision_required" }>,
): Promise<Responded> =>
	inTransaction(ctx, async (tx) => {
		const [request, replies, { deliveryId, agentId, respondent }] = await Promise.all([
			lockRequest(tx, requestId),
			countReplies(tx, requestId),
			responder(tx),
		]);
		if (!isOpen(request))
			throw new ConflictError(`This request has already ended: it is ${request.status}. Nobody needs to decide for it.`);
		if (deliveryId === null) throw new Error("An agent speaks of its delivery.");
		const { type: kind, text, id = null } = input;
		const externalId = responseId({ kind, text, id }, replies);
		const asker = { agentId, deliveryId, name: actorName(tx.actor), respondent };
		const decision = await askForDecision(tx, request, asker, askOf(text, input, externalId));
		return { response: null, decision_id: decision.id, request_status: request.status === "dispatched" ? "working" : request.status };
	});

const responder = async (tx: Tx<ProjectContext>) => {
	const { actor } = tx;
	if (actor.type !== "agent")
		return {
			deliveryId: null,
			agentId: null,
			respondent: actor.type === "user" || actor.type === "token" ? `user:${actor.userId}` : actor.type,
		};
	const { id, agentId, integrationId, address } = messageDeliveries;
	const [delivery] = await tx.db
		.select({ id, agentId, integrationId, address })
		.from(messageDeliveries)
		.where(eq(messageDeliveries.id, actor.deliveryId));
	if (!delivery) throw new NotFoundError("delivery");
	return { deliveryId: delivery.id, agentId: delivery.agentId, respondent: respondentOf(delivery) };
};
