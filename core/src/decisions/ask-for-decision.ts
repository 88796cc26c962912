import type { Decision, DecisionAsk, DecisionOption, ExpiryRule, Recommendation, Urgency } from "@agentplanner/contracts";
import { agents, and, count, decisionRequests, eq, isNull, type SQL } from "@agentplanner/db";
import { recordHeartbeat } from "../agents/record-heartbeat.ts";
import type { ProjectContext, Tx } from "../context.ts";
import { acknowledgeDelivery } from "../deliveries/acknowledge-delivery.ts";
import { ConflictError } from "../errors.ts";
import { markWorking } from "../requests/acknowledge-request.ts";
import type { RequestRow } from "../requests/lock-request.ts";
import { resolveWordOf } from "../requests/resolve-destinations.ts";
import { blockNode } from "./hold-node.ts";
import { presentDecision } from "./present.ts";
import { readDecisions } from "./read-decisions.ts";
import { readPlace } from "./read-place.ts";
import { storeDecision } from "./store-decision.ts";

/** Who asks: the agent of a delivery, or the people behind a route without one. */
export type Asker = { agentId: string | null; deliveryId: string; name: string; respondent: string };

export type Ask = {
	question: string;
	details: string;
	options: DecisionOption[];
	recommendation: Recommendation | null;
	urgency: Urgency;
	onExpiry: ExpiryRule;
	/** A moment, or that many minutes from the database's now(). */
	expiresAt: Date | number | null;
	/** What makes it the same as an earlier one of this asker; null: it is always another one. */
	externalId: string | null;
};

/** What an agent asked in its response, under the response's id. */
export const askOf = (question: string, ask: DecisionAsk, externalId: string): Ask => ({
	question,
	details: ask.details,
	options: ask.options,
	recommendation: ask.recommendation,
	urgency: ask.urgency,
	onExpiry: ask.on_expiry,
	expiresAt: ask.expires_in_minutes ?? null,
	externalId,
});

/** A broken agent must not bury people in questions. */
const mostPending = 20;

/** Whether fewer decisions of this locked request are pending than may be. */
export const mayAskForMore = (tx: Tx<ProjectContext>, requestId: string): Promise<boolean> =>
	areFewPending(tx, eq(decisionRequests.agentRequestId, requestId));

/** The same of what this locked agent has asked outside of requests. */
export const mayAskByItself = (tx: Tx<ProjectContext>, agentId: string): Promise<boolean> =>
	areFewPending(tx, and(eq(decisionRequests.askedByAgentId, agentId), isNull(decisionRequests.agentRequestId)));

const areFewPending = async (tx: Tx<ProjectContext>, which: SQL | undefined): Promise<boolean> => {
	const [waiting] = await tx.db
		.select({ number: count() })
		.from(decisionRequests)
		.where(and(eq(decisionRequests.projectId, tx.projectId), eq(decisionRequests.status, "pending"), which))
		.execute();
	return (waiting?.number ?? 0) < mostPending;
};

/** So that its questions are counted one after the other. The query is on its way when the call returns. */
export const lockAgent = async (tx: Tx<ProjectContext>, agentId: string): Promise<void> => {
	await tx.db
		.select({ id: agents.id })
		.from(agents)
		.where(and(eq(agents.projectId, tx.projectId), eq(agents.id, agentId)))
		.for("no key update")
		.execute();
};

export const tooManyPending = (whose: string): ConflictError =>
	new ConflictError(`${mostPending} decisions of ${whose} are pending already. Wait until people have decided some of them.`);

/**
 * An agent asks people for a decision within its request, which is open and locked; a repeat gets the decision that is there. The
 * outcome goes back where the request came from. ConflictError where too many of this request are pending.
 */
export const askForDecision = async (tx: Tx<ProjectContext>, request: RequestRow, asker: Asker, ask: Ask): Promise<Decision> => {
	const externalId = ask.externalId === null ? null : `${asker.respondent} ${ask.externalId}`;
	const [place, known, isWithinLimit, destinations] = await Promise.all([
		readPlace(tx, request.nodeId),
		externalId === null ? [] : readDecisions(tx, { agentRequestId: request.id, externalId }),
		mayAskForMore(tx, request.id),
		resolveWordOf(tx, { nodeId: request.nodeId }),
	]);
	if (known[0]) return presentDecision(known[0]);
	if (!place) throw new Error(`Node ${request.nodeId} of request ${request.id} is gone.`);
	if (!isWithinLimit) throw tooManyPending("this request");
	if (asker.agentId) recordHeartbeat(tx, asker.agentId);
	if (ask.urgency === "blocking") await blockNode(tx, place.nodeId, place.newId);
	const { expiresAt, ...rest } = ask;
	const [decision] = await Promise.all([
		storeDecision(
			tx,
			place,
			{
				...rest,
				expiresAt: typeof expiresAt === "number" ? new Date(place.now.getTime() + expiresAt * 60_000) : expiresAt,
				agentRequestId: request.id,
				deciders: [],
				askedBy: asker.name,
				askedByUserId: null,
				askedByAgentId: asker.agentId,
				askedDeliveryId: asker.deliveryId,
				externalId,
			},
			destinations,
		),
		markWorking(tx, request, null),
		acknowledgeDelivery(tx, asker.deliveryId),
	]);
	return decision;
};
