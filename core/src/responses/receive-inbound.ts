import { type Inbound, isOpenRequest, type Received } from "@agentplanner/contracts";
import { eq, inboundEvents, messagingIntegrations } from "@agentplanner/db";
import { recordHeartbeat } from "../agents/record-heartbeat.ts";
import { authorize } from "../authorize.ts";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { askForDecision, askOf, mayAskForMore } from "../decisions/ask-for-decision.ts";
import { acknowledgeDelivery } from "../deliveries/acknowledge-delivery.ts";
import { emit } from "../emit.ts";
import { markWorking } from "../requests/acknowledge-request.ts";
import { isOpen, lockRequest } from "../requests/lock-request.ts";
import { respondentOf } from "../requests/resolve-destinations.ts";
import { backstopMs, setTimers } from "../timers.ts";
import { cleanInbound } from "./clean-inbound.ts";
import { lockSpokenOf, type SpokenOf } from "./lock-spoken-of.ts";
import { resolveThreads } from "./resolve-threads.ts";
import { hasSaidEnough, responseId, storeResponse } from "./store-response.ts";

/**
 * Stores what a platform told us through one integration, at the ingress or while we listened, each thing once (unique on integration
 * and external id), together with the responses that follow; what people chose in a decision is left to `recordVote`, and their
 * commands to `answerCommand`. What speaks of a
 * delivery that isn't this integration's is kept, and otherwise ignored; so is what one respondent goes on to say long after a request's
 * end, and a decision that is asked for then. What is said in threads that are under no request of ours is nobody's business: it is
 * counted as `ignored`, and not kept. Throws InvalidInputError for ids that are too long, and DomainError `unavailable` where a thread
 * may be under a message that is just being sent.
 */
export const receiveInbound = async (
	ctx: ProjectContext,
	integrationId: string,
	received: readonly Received[],
): Promise<{ stored: number; ignored: number }> => {
	await authorize(ctx, "requests:answer");
	return inTransaction(ctx, async (tx) => {
		const inbound = await resolveThreads(tx, integrationId, cleanInbound(received));
		const { stored } = await storeInbound(tx, integrationId, inbound, await lockSpokenOf(tx, integrationId, inbound));
		return { stored, ignored: received.length - inbound.length };
	});
};

/** The same behind `lockSpokenOf`, which brought the deliveries. */
export const storeInbound = async (tx: Tx<ProjectContext>, integrationId: string, inbound: Inbound[], spokenOf: SpokenOf[]) => {
	let stored = 0;
	for (const item of removalsLast(inbound)) {
		const said = "text" in item ? understand(item, spokenOf) : null;
		const { externalId: _, type, ...data } = item;
		const [row] = await tx.db
			.insert(inboundEvents)
			.values({ projectId: tx.projectId, integrationId, externalId: said?.key ?? item.externalId ?? "", type, data })
			.onConflictDoNothing()
			.returning({ id: inboundEvents.id })
			.execute();
		if (!row) continue;
		stored += 1;
		if (item.type === "removed") await disable(tx, integrationId, item.reason);
		else if (said) await apply(tx, said);
		else if (item.type === "decision") wakeVote(tx, row.id);
		else if (item.type === "command") wakeCommand(tx, row.id);
	}
	return { stored };
};

/** What a person chose there is judged by the worker, as soon as it is stored. */
const wakeVote = (tx: Tx<ProjectContext>, voteId: string): void => {
	setTimers(tx, { type: "agent.decision.vote.record.due", subjectId: voteId, dueInMs: backstopMs });
	emit(tx, { type: "agent.decision.vote.received", subjectId: voteId });
};

/** So is a command answered. */
const wakeCommand = (tx: Tx<ProjectContext>, commandId: string): void => {
	setTimers(tx, { type: "person.command.answer.due", subjectId: commandId, dueInMs: backstopMs });
	emit(tx, { type: "person.command.received", subjectId: commandId });
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
type Said = { item: Item; delivery: SpokenOf | null; externalId: string; key: string };

/** Which delivery it speaks of, and what makes it the same as something said before: agents number what they say to each delivery anew. */
const understand = (item: Item, spokenOf: SpokenOf[]): Said => {
	const delivery = spokenOf.find(({ id }) => id === item.deliveryId.toLowerCase()) ?? null;
	const { type: kind, text, externalId: id } = item;
	const externalId = responseId({ kind, text, id }, delivery?.replies ?? 0);
	return { item, delivery, externalId, key: `${item.deliveryId}:${externalId}` };
};

const apply = async (tx: Tx<ProjectContext>, { item, delivery, externalId }: Said): Promise<void> => {
	if (!delivery) return;
	if (item.type === "working") {
		const request = await lockRequest(tx, delivery.agentRequestId);
		if (isOpen(request)) await markWorking(tx, request, item.text === "" ? null : item.text);
		await acknowledgeDelivery(tx, delivery.id);
		if (delivery.agentId) recordHeartbeat(tx, delivery.agentId);
		return;
	}
	const respondent = respondentOf(delivery);
	const respondentName = item.author ?? delivery.agentName ?? delivery.integrationName;
	if (item.type === "decision_required") {
		const request = await lockRequest(tx, delivery.agentRequestId);
		const asker = { agentId: delivery.agentId, deliveryId: delivery.id, name: respondentName, respondent };
		if (isOpen(request) && (await mayAskForMore(tx, request.id)))
			await askForDecision(tx, request, asker, askOf(item.text, item.ask, externalId));
		return;
	}
	const incoming = {
		agentRequestId: delivery.agentRequestId,
		deliveryId: delivery.id,
		agentId: delivery.agentId,
		respondent,
		respondentName,
		kind: item.type,
		text: item.text,
		externalId,
	};
	if (!isOpenRequest(delivery.requestStatus) && (await hasSaidEnough(tx, incoming))) return;
	await storeResponse(tx, incoming);
};
