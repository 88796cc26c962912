import { agentResponses, and, deliveryAttempts, eq, inArray, messageDeliveries, sql, timers } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import type { RequestRow } from "../requests/lock-request.ts";
import { respondentsHeard } from "../requests/reconsider-late-responses.ts";
import { respondentOf } from "../requests/resolve-destinations.ts";
import type { ResponseRow } from "../responses/store-response.ts";
import { deleteTimers } from "../timers.ts";
import { isAnswered } from "./acknowledge-delivery.ts";
import { collectLater } from "./collect-later.ts";
import type { DeliveryRow } from "./delivery-row.ts";
import { wakeDelivery } from "./wake-delivery.ts";

/**
 * Whoever has not had its say can answer again: what the end of a request closed goes back to where it was. Else a policy that needs
 * several answers could never be met after a replay. An agent that has been told that it is over is asked anew, by a new delivery;
 * one whose late word waits to be applied isn't asked again.
 */
export const reviveDeliveries = async (
	tx: Tx<ProjectContext>,
	request: RequestRow,
	deliveries: DeliveryRow[],
	late: ResponseRow[],
): Promise<void> => {
	const heard = new Set((await respondentsHeard(tx, request.id)).map(({ respondent }) => respondent));
	const lateOf = {
		deliveries: new Set(late.map(({ deliveryId }) => deliveryId)),
		respondents: new Set(late.map((word) => word.respondent)),
	};
	const closed = deliveries.filter(
		(delivery) =>
			(delivery.closeAs !== null || delivery.status === "cancelled" || delivery.status === "superseded") &&
			!heard.has(respondentOf(delivery)),
	);
	const [untold, uncertain] = [await readUntold(tx, closed), await readUncertain(tx, closed)];
	// What was not closed goes on where it was, but its appointment may be gone: nothing is fetched for a request that has ended.
	for (const delivery of deliveries) if (isFetched(delivery)) goOnCollecting(tx, delivery);
	for (const delivery of closed) {
		const spokeLate = lateOf.respondents.has(respondentOf(delivery));
		if (delivery.status === "sending") await change(tx, delivery, { closeAs: null });
		else if (lateOf.deliveries.has(delivery.id)) await restore(tx, delivery);
		else if (delivery.receipt && !untold.has(delivery.id)) {
			if (delivery.kind === "request" && !spokeLate && !deliveries.some(isNewer(delivery))) await askAnew(tx, request, delivery);
		} else if (delivery.deliveredAt) await restore(tx, delivery);
		else if (!spokeLate) await sendOn(tx, delivery, uncertain.has(delivery.id) ? "unknown" : "queued");
	}
};

const isFetched = ({ collecting, status }: DeliveryRow) => collecting && (status === "delivered" || status === "acknowledged");

const goOnCollecting = (tx: Tx<ProjectContext>, { id, agentRequestId }: DeliveryRow): void =>
	collectLater(tx, id, { agentRequestId, inMs: 0 });

/** What has been asked anew after an earlier end isn't asked once more. */
const isNewer = (delivery: DeliveryRow) => (other: DeliveryRow) =>
	other.id > delivery.id &&
	other.kind === delivery.kind &&
	other.agentId === delivery.agentId &&
	other.integrationId === delivery.integrationId &&
	other.address === delivery.address;

const idsOf = (deliveries: DeliveryRow[]) => deliveries.map(({ id }) => id);

/** Those whose agent may not have heard yet that it is over: by the timers from before this transaction, which writes its own at its end. */
const readUntold = async (tx: Tx<ProjectContext>, closed: DeliveryRow[]): Promise<Set<string>> => {
	const rows = await tx.db
		.select({ id: timers.subjectId })
		.from(timers)
		.where(and(eq(timers.type, "message.delivery.settle.due"), inArray(timers.subjectId, idsOf(closed))));
	return new Set(rows.map(({ id }) => id));
};

/** Those of which an attempt may have been accepted. */
const readUncertain = async (tx: Tx<ProjectContext>, closed: DeliveryRow[]): Promise<Set<string>> => {
	const rows = await tx.db
		.selectDistinct({ id: deliveryAttempts.deliveryId })
		.from(deliveryAttempts)
		.where(and(inArray(deliveryAttempts.deliveryId, idsOf(closed)), inArray(deliveryAttempts.outcome, ["unknown", "lost"])));
	return new Set(rows.map(({ id }) => id));
};

const change = (tx: Tx<ProjectContext>, { id }: DeliveryRow, values: Partial<typeof messageDeliveries.$inferInsert>) =>
	tx.db
		.update(messageDeliveries)
		.set({ ...values, updatedAt: sql`now()` })
		.where(eq(messageDeliveries.id, id));

const eventData = (delivery: DeliveryRow) => ({ agent_request_id: delivery.agentRequestId });

/** It is there, and nobody has told its agent anything else. */
const restore = async (tx: Tx<ProjectContext>, delivery: DeliveryRow): Promise<void> => {
	await change(tx, delivery, { status: (await isAnswered(tx, delivery.id)) ? "acknowledged" : "delivered" });
	deleteTimers(tx, delivery.id, "message.delivery.settle.due");
	if (delivery.collecting) goOnCollecting(tx, delivery);
	emit(tx, { type: "message.delivery.revived", subjectId: delivery.id, data: eventData(delivery) });
};

const sendOn = async (tx: Tx<ProjectContext>, delivery: DeliveryRow, status: "queued" | "unknown"): Promise<void> => {
	await change(tx, delivery, { status });
	wakeDelivery(tx, delivery.id, eventData(delivery), { replay: true });
};

/** Its agent has stopped: it gets the question as a new message, and what it asked before lapses. */
const askAnew = async (tx: Tx<ProjectContext>, request: RequestRow, delivery: DeliveryRow): Promise<void> => {
	const { projectId, agentRequestId, kind, integrationId, openPlanId, agentId, address, content } = delivery;
	const [anew] = await tx.db
		.insert(messageDeliveries)
		.values({
			...{ projectId, agentRequestId, kind, integrationId, openPlanId, agentId, address },
			content: content.kind === "request" ? { ...content, deadline_at: request.deadlineAt.toISOString() } : content,
			traceId: tx.traceId,
			requestId: tx.requestId,
		})
		.returning({ id: messageDeliveries.id });
	if (!anew) throw new Error("The insert returned no row.");
	await tx.db
		.update(agentResponses)
		.set({ outcome: "superseded" })
		.where(
			and(
				eq(agentResponses.agentRequestId, request.id),
				eq(agentResponses.respondent, respondentOf(delivery)),
				eq(agentResponses.kind, "input_required"),
				eq(agentResponses.outcome, "accepted"),
			),
		);
	wakeDelivery(tx, anew.id, eventData(delivery), { replay: true });
};
