import type { MessageContent } from "@agentplanner/contracts";
import { and, eq, messageDeliveries, planNodes, plans } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { wakeDelivery } from "../deliveries/wake-delivery.ts";
import { findMember } from "../messages/find-recipient.ts";
import { listWhoSee } from "../plans/audience.ts";
import type { RequestRow } from "../requests/lock-request.ts";
import { isOpen } from "../requests/lock-request.ts";
import { resolveDestinations } from "../requests/resolve-destinations.ts";
import { chosenOption } from "./present.ts";
import type { DecisionRow } from "./read-decisions.ts";

/** Where word goes to who asked. `agentRequestId`: of the request in which it was asked, which goes on. */
type Way = { integrationId: string; openPlanId: string | null; address: string; agentId: string | null; agentRequestId: string | null };

/**
 * Tells who asked how their decision, which has just ended, ended: an agent the way its request went, as long as that is open, or by
 * its own route where it asked outside of one; a person by an account that they have linked, unless it was they who ended it, or they
 * don't see its plan any more. Who can't be reached reads it here. `request`: the locked one in which an agent asked.
 */
export const tellAsker = async (tx: Tx<ProjectContext>, row: DecisionRow, request: RequestRow | null): Promise<void> => {
	const way = await wayTo(tx, row, request);
	if (!way) return;
	const [names] = await tx.db
		.select({ plan: plans.title, node: planNodes.title })
		.from(planNodes)
		.innerJoin(plans, eq(plans.id, planNodes.planId))
		.where(and(eq(planNodes.projectId, tx.projectId), eq(planNodes.id, row.nodeId)));
	if (!names || row.status === "pending") throw new Error(`Decision ${row.id} has no node, or hasn't ended.`);
	const content: MessageContent = {
		kind: "decision_outcome",
		agent_request_id: way.agentRequestId,
		decision_id: row.id,
		question: row.question,
		status: row.status,
		option: chosenOption(row),
		comment: row.comment,
		closed_by: row.closedBy,
		closed_at: row.closedAt?.toISOString() ?? "",
		plan: { id: row.planId, title: names.plan },
		node: { id: row.nodeId, title: names.node },
	};
	const { projectId, traceId, requestId } = tx;
	const [made] = await tx.db
		.insert(messageDeliveries)
		.values({ ...way, projectId, decisionId: row.id, kind: content.kind, content, traceId, requestId })
		.returning({ id: messageDeliveries.id });
	if (!made) throw new Error("The insert returned no row.");
	wakeDelivery(tx, made.id, { agent_request_id: way.agentRequestId, decision_id: row.id });
};

const wayTo = async (tx: Tx<ProjectContext>, row: DecisionRow, request: RequestRow | null): Promise<Way | null> => {
	if (row.askedDeliveryId !== null) return request && isOpen(request) ? backTo(tx, row.askedDeliveryId) : null;
	if (row.askedByAgentId !== null) return toAgent(tx, row.planId, row.askedByAgentId);
	if (row.askedByUserId === null || row.askedByUserId === row.closedByUserId) return null;
	const [member, seeing] = await Promise.all([findMember(tx, row.askedByUserId), listWhoSee(tx, row.planId, [row.askedByUserId])]);
	if (!member || !seeing.has(row.askedByUserId)) return null;
	return { integrationId: member.integrationId, openPlanId: null, address: member.address, agentId: null, agentRequestId: null };
};

const backTo = async (tx: Tx<ProjectContext>, deliveryId: string): Promise<Way | null> => {
	const { integrationId, openPlanId, address, agentId, agentRequestId } = messageDeliveries;
	const [way] = await tx.db
		.select({ integrationId, openPlanId, address, agentId, agentRequestId })
		.from(messageDeliveries)
		.where(eq(messageDeliveries.id, deliveryId));
	return way ?? null;
};

/** By the first of its own routes that isn't disabled, else by the first. */
const toAgent = async (tx: Tx<ProjectContext>, planId: string, agentId: string): Promise<Way | null> => {
	const own = (await resolveDestinations(tx, planId, [{ agent_id: agentId }])).filter(({ source }) => source === "agent");
	const route = own.find(({ integrationEnabled }) => integrationEnabled) ?? own[0];
	return route ? { integrationId: route.integrationId, openPlanId: null, address: route.address, agentId, agentRequestId: null } : null;
};
