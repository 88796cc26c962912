import type { DeliveryStatus, Exchange, Inbound, Receipt } from "@agentplanner/contracts";
import { eq, messagingIntegrations, sql, type WithCommit, withCommit } from "@agentplanner/db";
import { recordHeartbeat } from "../agents/record-heartbeat.ts";
import type { ProjectContext, Tx } from "../context.ts";
import type { SpokenOf } from "../responses/lock-spoken-of.ts";
import { storeInbound } from "../responses/receive-inbound.ts";
import { deleteTimers } from "../timers.ts";
import { countAnswered } from "./breaker.ts";
import type { Claim } from "./claim-delivery.ts";
import { afterClosing, rewriteSoon } from "./close-deliveries.ts";
import { collectLater } from "./collect-later.ts";
import { notFailing } from "./give-up-failing.ts";
import type { ClaimedDelivery } from "./lock-claimed.ts";
import type { KeptPayload } from "./payload.ts";
import { tellDelivery } from "./tell-delivery.ts";

export type Delivered = {
	kind: "delivered";
	receipt: Receipt;
	inbound: Inbound[];
	note: string | null;
	exchange: Exchange | null;
	/** When to look for the answer first, where it has to be fetched. */
	collectInMs: number | null;
};

type Locked = { delivery: ClaimedDelivery; arrived: boolean; spokenOf: SpokenOf[]; kept: KeptPayload };

/**
 * Writes that the platform has the message: the delivery's state, its attempt, the end of its timer, and what the agent said at once.
 * Who answered or spoke of it meanwhile has it. Locks go delivery first, integration second, and what it said may be of other
 * deliveries: so the integration comes last.
 */
export const recordDelivered = async (
	tx: Tx<ProjectContext>,
	claim: Claim,
	outcome: Delivered,
	{ delivery, arrived, spokenOf, kept }: Locked,
): Promise<WithCommit<true>> => {
	const { id, integrationId, agentId, closeAs, troubled } = delivery;
	const { inbound, receipt } = outcome;
	const spoke = inbound.some((item) => "deliveryId" in item && item.deliveryId === id);
	const status = closeAs ?? (arrived || spoke ? "acknowledged" : "delivered");
	const collectInMs = delivery.agentRequestId === null ? null : outcome.collectInMs;
	if (agentId) recordHeartbeat(tx, agentId);
	deleteTimers(tx, id, "message.delivery.due");
	tellDelivery(tx, delivery, { type: "message.delivery.delivered" });
	if (status === "acknowledged") tellDelivery(tx, delivery, { type: "message.delivery.acknowledged" });
	if (closeAs) await afterClosing(tx, { ...delivery, receipt }, closeAs);
	else if (collectInMs !== null) collectLater(tx, id, { agentRequestId: delivery.agentRequestId, inMs: collectInMs });
	// Its answer may have ended the request before this was known: then the message still waits to be rewritten.
	if (!closeAs && status === "acknowledged" && receipt.platformId !== null) rewriteSoon(tx, id, delivery.agentRequestId);
	const writing = writeDelivered(tx, claim, outcome, { status, collecting: collectInMs !== null, kept });
	if (inbound.length > 0) await Promise.all([writing, storeInbound(tx, integrationId, inbound, spokenOf)]);
	if (delivery.unanswered) await countAnswered(tx, delivery);
	return withCommit(Promise.all([writing, troubled && clearTrouble(tx, integrationId)]).then(() => true as const));
};

/** Ends attempt and lease in one statement. */
const writeDelivered = (
	tx: Tx<ProjectContext>,
	{ deliveryId, attempt }: Claim,
	{ note, exchange, receipt }: Delivered,
	{ status, collecting, kept }: { status: DeliveryStatus; collecting: boolean; kept: KeptPayload },
) =>
	tx.db
		.execute(sql`
			with ended as (
				update delivery_attempts
				set outcome = 'delivered', finished_at = clock_timestamp(), next_attempt_at = null, detail = ${note}, exchange = ${json(exchange)}
				where delivery_id = ${deliveryId} and number = ${attempt}
			)
			update message_deliveries
			set status = ${status}, reason = null, receipt = ${json(receipt)}, collecting = ${collecting}, delivered_at = coalesce(delivered_at, now()),
				payload = coalesce(payload, ${kept?.payload ?? null}), payload_bytes = coalesce(payload_bytes, ${kept?.payloadBytes ?? null}),
				worker = null, lease_until = null, close_as = null, updated_at = now()
			where id = ${deliveryId}`)
		.execute();

const json = (value: unknown) => sql`${value === null ? null : JSON.stringify(value)}::jsonb`;

/** What gets through proves that the integration works again. */
export const clearTrouble = (tx: Tx<ProjectContext>, integrationId: string) =>
	tx.db
		.update(messagingIntegrations)
		.set({
			health: "healthy",
			unauthorizedSince: null,
			...notFailing,
			heldUntil: stillThrottled("held_until"),
			heldReason: stillThrottled("held_reason"),
		})
		.where(eq(messagingIntegrations.id, integrationId))
		.execute();

/** What gets through proves the credentials; a rate limit that another attempt ran into meanwhile still holds. */
const stillThrottled = (column: "held_until" | "held_reason") =>
	sql`case when unauthorized_since is null and held_until > now() then ${sql.identifier(column)} end`;
