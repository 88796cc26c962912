import type { MessageContent } from "@agentplanner/contracts";
import { eq, messageDeliveries, planNodes, plans, projects } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { wakeDelivery } from "../deliveries/wake-delivery.ts";
import { emit } from "../emit.ts";
import { findMember } from "../messages/find-recipient.ts";
import { listWhoSee } from "../plans/audience.ts";
import type { RequestRow } from "./lock-request.ts";
import { openPlanOf, resolveWordOf } from "./resolve-destinations.ts";

/**
 * Tells people that the locked request still waits: who asked, by an account that they have linked, and those who are told by the
 * project's default routes, unless its plan is private. Everybody else hears it here.
 */
export const escalateRequest = async (tx: Tx<ProjectContext>, request: RequestRow): Promise<void> => {
	const places = await findPlaces(tx, request);
	const data = { agent_request_id: request.id, node_id: request.nodeId };
	emit(tx, { type: "agent.request.escalated", subjectId: request.id, data: { ...data, told: places.length } });
	if (places.length === 0) return;
	const [about] = await tx.db
		.select({ project: { id: projects.id, name: projects.name }, plan: plans.title, node: planNodes.title })
		.from(planNodes)
		.innerJoin(plans, eq(plans.id, planNodes.planId))
		.innerJoin(projects, eq(projects.id, planNodes.projectId))
		.where(eq(planNodes.id, request.nodeId));
	if (!about) throw new Error(`Node ${request.nodeId} of request ${request.id} is gone.`);
	const content: MessageContent = {
		kind: "text",
		text: wordsOf(request, about),
		from: "AgentPlanner",
		sent_at: tx.now().toISOString(),
		about: { agent_request_id: request.id },
		project: about.project,
	};
	const { projectId, traceId, requestId } = tx;
	const made = await tx.db
		.insert(messageDeliveries)
		.values(places.map((place) => ({ ...place, projectId, kind: content.kind, content, traceId, requestId })))
		.returning({ id: messageDeliveries.id, integrationId: messageDeliveries.integrationId });
	for (const { id, integrationId } of made) wakeDelivery(tx, id, { agent_request_id: null, integration_id: integrationId });
};

type Place = { integrationId: string; openPlanId: string | null; address: string };

const findPlaces = async (tx: Tx<ProjectContext>, request: RequestRow): Promise<Place[]> => {
	const [channels, asker] = await Promise.all([resolveWordOf(tx, { beyondPlanId: request.planId }), findAsker(tx, request)]);
	const read = channels.map((channel) => ({ ...channel, openPlanId: openPlanOf(channel, request.planId) }));
	const places = [...read, ...(asker ? [asker] : [])].map(({ integrationId, openPlanId, address }) => ({
		integrationId,
		openPlanId,
		address,
	}));
	return [...new Map(places.map((place) => [`${place.integrationId} ${place.address}`, place])).values()];
};

const findAsker = async (tx: Tx<ProjectContext>, { askedByUserId, planId }: RequestRow): Promise<Place | null> => {
	if (askedByUserId === null) return null;
	const seeing = await listWhoSee(tx, planId, [askedByUserId]);
	const member = seeing.has(askedByUserId) ? await findMember(tx, askedByUserId) : null;
	return member && { ...member, openPlanId: null };
};

const wordsOf = ({ question, askedBy, deadlineAt }: RequestRow, { plan, node }: { plan: string; node: string }): string =>
	`A question about “${node}” in “${plan}” still waits for its answer. ${askedBy} asked it; the deadline is ${deadlineAt.toISOString().slice(0, 16).replace("T", " ")} UTC. Ask again, answer it yourself or cancel it.\n\n${question}`;
