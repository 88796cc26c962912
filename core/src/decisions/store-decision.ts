import type { Decision, DecisionOption, ExpiryRule, Recommendation, Urgency } from "@agentplanner/contracts";
import { decisionRequests } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import type { Destination } from "../requests/resolve-destinations.ts";
import { setTimers } from "../timers.ts";
import { presentDecision } from "./present.ts";
import { queueNotifications } from "./queue-notifications.ts";
import type { Place } from "./read-place.ts";

export type NewDecision = {
	agentRequestId: string | null;
	question: string;
	details: string;
	options: DecisionOption[];
	recommendation: Recommendation | null;
	urgency: Urgency;
	deciders: Decision["deciders"];
	expiresAt: Date | null;
	onExpiry: ExpiryRule;
	askedBy: string;
	askedByUserId: string | null;
	askedByAgentId: string | null;
	askedDeliveryId: string | null;
	externalId: string | null;
};

/** What nobody has to decide ends by itself, after this long where no deadline is set. */
const informationalMs = 7 * 86_400_000;

/** Stores a pending decision with its timer, its event, and word to `destinations`. All of it is on its way when the call returns. */
export const storeDecision = async (
	tx: Tx<ProjectContext>,
	{ newId, planId, nodeId, now, titles }: Place,
	{ deciders, ...decision }: NewDecision,
	destinations: Destination[],
): Promise<Decision> => {
	const endsByItself = decision.urgency === "informational" && decision.expiresAt === null;
	const expiresAt = endsByItself ? new Date(now.getTime() + informationalMs) : decision.expiresAt;
	const told = { ...decision, expiresAt, id: newId, planId, nodeId, createdAt: now };
	// Begun ahead of its deliveries: they go to the server in the order in which they begin.
	const inserting = tx.db
		.insert(decisionRequests)
		.values({
			...told,
			projectId: tx.projectId,
			deciderIds: deciders.map(({ user_id }) => user_id),
			requestId: tx.requestId,
			traceId: tx.traceId,
		})
		.returning()
		.execute();
	const data = { decision_id: newId, node_id: nodeId, agent_request_id: decision.agentRequestId };
	if (expiresAt) setTimers(tx, { type: "agent.decision.expiry.due", subjectId: newId, dueAt: expiresAt, data });
	emit(tx, { type: "agent.decision.requested", subjectId: newId, data });
	const [[row]] = await Promise.all([inserting, queueNotifications(tx, told, titles, destinations)]);
	if (!row) throw new Error("The insert returned no row.");
	return presentDecision({ row, titles, deciders });
};
