import { type Inbound, isOpenRequest } from "@agentplanner/contracts";
import { agentRequests, agents, and, eq, inboundEvents, messageDeliveries, messagingIntegrations } from "@agentplanner/db";
import { recordHeartbeat } from "../agents/record-heartbeat.ts";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { acknowledgeDelivery } from "../deliveries/acknowledge-delivery.ts";
import { emit } from "../emit.ts";
import { markWorking } from "../requests/acknowledge-request.ts";
import { isOpen, lockRequest } from "../requests/lock-request.ts";
import { respondentOf } from "../requests/resolve-destinations.ts";
import { lockSpokenOf, uuid } from "./lock-spoken-of.ts";
import { hasSaidEnough, responseId, storeResponse } from "./store-response.ts";

/**
 * Stores what a platform told us through one integration, each thing once (unique on integration and external id), together
 * with the responses that follow. What speaks of a delivery that isn't this integration's is kept, and otherwise ignored; so is what one
 * respondent goes on to say long after a request's end.
 */
export const receiveInbound = async (ctx: ProjectContext, integrationId: string, inbound: Inbound[]): Promise<{ stored: number }> => {
	await authorize(ctx, "requests:answer");
	return inTransaction(ctx, async (tx) => {
		await lockSpokenOf(tx, integrationId, inbound);
		let stored = 0;
		for (const item of removalsLast(inbound)) {
			const said = "text" in item ? await understand(tx, integrationId, item) : null;
			const { externalId: _, type, ...data } = item;
			const [row] = await tx.db
				.insert(inboundEvents)
				.values({ projectId: tx.projectId, integrationId, externalId: said?.key ?? item.externalId ?? "", type, data })
				.onConflictDoNothing()
				.returning({ id: inboundEvents.id });
			if (!row) continue;
			stored += 1;
			if (item.type === "removed") await disable(tx, integrationId, item.reason);
			else if (said) await apply(tx, said);
		}
		return { stored };
	});
};

/** Locks go delivery first, integration second. */
const removalsLast = (inbound: Inbound[]) =>
	inbound.toSorted((one, other) => Number(one.type === "removed") - Number(other.type === "removed"));

const disable = async (tx: Tx<ProjectContext>, integrationId: string, reason: string): Promise<void> => {
	await tx.db
		.update(messagingIntegrations)
		.set({ enabled: false, disabledReason: reason })
		.where(eq(messagingIntegrations.id, integrationId));
	emit(tx, { type: "integration.disabled", subjectId: integrationId, data: { reason } });
};

type Item = Extract<Inbound, { text: string }>;
type Said = { item: Item; delivery: Awaited<ReturnType<typeof findDelivery>>; externalId: string; key: string };

/** Which delivery it speaks of, and what makes it the same as something said before: agents number what they say to each delivery anew. */
const understand = async (tx: Tx<ProjectContext>, integrationId: string, item: Item): Promise<Said> => {
	const delivery = await findDelivery(tx, integrationId, item.deliveryId);
	const { type: kind, text, externalId: id } = item;
	const externalId = await responseId(tx, { agentRequestId: delivery?.agentRequestId ?? null, kind, text, id });
	return { item, delivery, externalId, key: `${item.deliveryId}:${externalId}` };
};

const apply = async (tx: Tx<ProjectContext>, { item, delivery, externalId }: Said): Promise<void> => {
	if (!delivery?.agentRequestId) return;
	if (item.type === "working") {
		const request = await lockRequest(tx, delivery.agentRequestId);
		if (isOpen(request)) await markWorking(tx, request, item.text === "" ? null : item.text);
		await acknowledgeDelivery(tx, delivery.id);
		if (delivery.agentId) recordHeartbeat(tx, delivery.agentId);
		return;
	}
	const incoming = {
		agentRequestId: delivery.agentRequestId,
		deliveryId: delivery.id,
		agentId: delivery.agentId,
		respondent: respondentOf(delivery),
		respondentName: item.author ?? delivery.agentName ?? delivery.integrationName,
		kind: item.type,
		text: item.text,
		externalId,
	};
	if (!isOpenRequest(delivery.requestStatus) && (await hasSaidEnough(tx, incoming))) return;
	await storeResponse(tx, incoming);
};

const findDelivery = async (tx: Tx<ProjectContext>, integrationId: string, deliveryId: string) => {
	if (!uuid.test(deliveryId)) return null;
	const [found] = await tx.db
		.select({
			id: messageDeliveries.id,
			agentRequestId: agentRequests.id,
			requestStatus: agentRequests.status,
			agentId: messageDeliveries.agentId,
			agentName: agents.name,
			integrationId: messageDeliveries.integrationId,
			integrationName: messagingIntegrations.name,
			address: messageDeliveries.address,
		})
		.from(messageDeliveries)
		.innerJoin(agentRequests, eq(agentRequests.id, messageDeliveries.agentRequestId))
		.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, messageDeliveries.integrationId))
		.leftJoin(agents, eq(agents.id, messageDeliveries.agentId))
		.where(
			and(
				eq(messageDeliveries.projectId, tx.projectId),
				eq(messageDeliveries.integrationId, integrationId),
				eq(messageDeliveries.id, deliveryId),
			),
		);
	return found ?? null;
};
