import type { Collected } from "@agentplanner/contracts";
import { and, eq, messageDeliveries, messagingIntegrations, sql, timers } from "@agentplanner/db";
import { inTransaction, type ProjectContext, type Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { lockRequest } from "../requests/lock-request.ts";
import { refreshQuestion } from "../requests/refresh-question.ts";
import { settleOutcome } from "../requests/settle-outcome.ts";
import { cleanInbound } from "../responses/clean-inbound.ts";
import { lockSpokenOf } from "../responses/lock-spoken-of.ts";
import { storeInbound } from "../responses/receive-inbound.ts";
import { deleteTimers } from "../timers.ts";
import { lookInAgainMs } from "./claim-delivery.ts";
import { collectLater, collectTimer, isCollecting } from "./collect-later.ts";
import { disableBrokenIntegration, holdIntegration } from "./hold-integration.ts";
import { isTroubled } from "./lock-claimed.ts";
import type { Collection } from "./read-collection.ts";
import { clearTrouble } from "./record-delivered.ts";
import type { Failure } from "./record-outcome.ts";
import { nextWaitMs, throttleMs } from "./schedule.ts";

/**
 * Stores what was fetched, each thing once, and makes the next appointment, or none where nothing more will come. What was fetched
 * twice at once, or after somebody made another appointment, changes nothing else.
 */
export const recordCollected = (ctx: ProjectContext, collection: Collection, { inbound: found, againInMs }: Collected): Promise<void> =>
	inTransaction<ProjectContext, void>(ctx, async (tx) => {
		const { deliveryId, agentRequestId, integration } = collection;
		const inbound = cleanInbound(found);
		const spokenOf = await lockSpokenOf(tx, integration.id, inbound, agentRequestId);
		const delivery = await lockCollecting(tx, collection);
		if (delivery) {
			if (againInMs === null) deleteTimers(tx, deliveryId, collectTimer);
			else collectLater(tx, deliveryId, { agentRequestId, inMs: againInMs });
			if (againInMs === null || delivery.reason) await move(tx, deliveryId, { reason: null, collecting: againInMs !== null });
		}
		await storeInbound(tx, integration.id, inbound, spokenOf);
		if (delivery?.troubled) await clearTrouble(tx, integration.id);
	});

/**
 * Writes that fetching failed: looked for again later, ever more slowly, with the reason on the delivery. Refused credentials hold the
 * integration. What is refused for good ends the delivery as dead, and so perhaps its request.
 */
export const recordUncollected = (ctx: ProjectContext, collection: Collection, failure: Failure): Promise<void> =>
	inTransaction<ProjectContext, void>(ctx, async (tx) => {
		const { deliveryId, agentRequestId, failures } = collection;
		const request = await lockRequest(tx, agentRequestId);
		const delivery = await lockCollecting(tx, collection);
		if (!delivery) return;
		const { kind, detail: message, remedy } = failure;
		const reason = { code: kind, message, remedy };
		const data = { agent_request_id: agentRequestId, reason: kind };
		if (kind !== "rejected" || failure.gone) {
			const inMs = await waitAfter(tx, collection, failure);
			collectLater(tx, deliveryId, { agentRequestId, inMs, failures: failures + 1 });
			if (delivery.reason?.code === kind && delivery.reason.message === message) return;
			await move(tx, deliveryId, { reason });
			emit(tx, { type: "message.delivery.held", subjectId: deliveryId, data });
			return;
		}
		deleteTimers(tx, deliveryId, collectTimer);
		// Sent again by a replay, it is no longer known to be there.
		await move(tx, deliveryId, { status: "dead", reason, collecting: false, deliveredAt: null });
		emit(tx, { type: "message.delivery.dead", subjectId: deliveryId, data });
		if (delivery.kind === "reply") await refreshQuestion(tx, request);
		else await settleOutcome(tx, request);
	});

/** The delivery of this very appointment, locked; null where it is closed by now, or somebody else made another one. */
const lockCollecting = async (tx: Tx<ProjectContext>, { deliveryId, timerId }: Collection) => {
	const [[delivery], [timer]] = await Promise.all([
		tx.db
			.select({ kind: messageDeliveries.kind, reason: messageDeliveries.reason, troubled: isTroubled })
			.from(messageDeliveries)
			.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, messageDeliveries.integrationId))
			.where(and(eq(messageDeliveries.projectId, tx.projectId), eq(messageDeliveries.id, deliveryId), isCollecting))
			.for("no key update", { of: messageDeliveries })
			.execute(),
		// A statement of its own, so that it sees what whoever held the lock has written.
		tx.db.select({ id: timers.id }).from(timers).where(eq(timers.id, timerId)).for("update").execute(),
	]);
	return timer ? (delivery ?? null) : null;
};

const move = (tx: Tx<ProjectContext>, deliveryId: string, change: Partial<typeof messageDeliveries.$inferInsert>) =>
	tx.db
		.update(messageDeliveries)
		.set({ ...change, updatedAt: sql`now()` })
		.where(eq(messageDeliveries.id, deliveryId));

/** The integration rests as after a failed attempt to send; otherwise the schedule's wait, though never longer than a look in takes. */
const waitAfter = async (tx: Tx<ProjectContext>, { integration, failures }: Collection, failure: Failure): Promise<number> => {
	const { kind, detail, retryAfterMs, gone } = failure;
	const at = { integrationId: integration.id, subscriptionId: null };
	if (gone) {
		await disableBrokenIntegration(tx, at, detail);
		return lookInAgainMs;
	}
	if (kind === "unavailable") return Math.max(Math.min(nextWaitMs(failures) ?? lookInAgainMs, lookInAgainMs), retryAfterMs ?? 0);
	const unauthorized = kind === "unauthorized";
	const hold = { unauthorized, detail, waitMs: unauthorized ? null : throttleMs(retryAfterMs) };
	const held = await holdIntegration(tx, at, hold);
	return held.waitMs ?? lookInAgainMs;
};
