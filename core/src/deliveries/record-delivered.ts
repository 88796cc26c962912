import type { DeliveryStatus, Exchange, Inbound, Receipt } from "@agentplanner/contracts";
import { eq, type messageDeliveries, messagingIntegrations, sql } from "@agentplanner/db";
import { recordHeartbeat } from "../agents/record-heartbeat.ts";
import type { ProjectContext, Tx } from "../context.ts";
import { emit } from "../emit.ts";
import { receiveInbound } from "../responses/receive-inbound.ts";
import { deleteTimers } from "../timers.ts";
import type { Claim } from "./claim-delivery.ts";
import { afterClosing } from "./close-deliveries.ts";

export type Delivered = { kind: "delivered"; receipt: Receipt; inbound: Inbound[]; note: string | null; exchange: Exchange | null };

type DeliveryRow = typeof messageDeliveries.$inferSelect;

/**
 * Writes that the platform has the message: the delivery's state, its attempt, the end of its timer, and what the agent said at once.
 * Locks go delivery first, integration second, and what it said may be of other deliveries: so the integration comes last.
 */
export const recordDelivered = async (
	tx: Tx<ProjectContext>,
	delivery: DeliveryRow,
	claim: Claim,
	outcome: Delivered,
	troubled: boolean,
): Promise<void> => {
	const spoke = outcome.inbound.some((item) => item.type !== "removed" && item.deliveryId === delivery.id);
	const status = await writeDelivered(tx, delivery, claim, outcome, spoke);
	const data = { agent_request_id: delivery.agentRequestId };
	if (delivery.agentId) recordHeartbeat(tx, delivery.agentId);
	deleteTimers(tx, delivery.id, "message.delivery.due");
	emit(tx, { type: "message.delivery.delivered", subjectId: delivery.id, data });
	if (status === "acknowledged") emit(tx, { type: "message.delivery.acknowledged", subjectId: delivery.id, data });
	if (delivery.closeAs) await afterClosing(tx, { ...delivery, receipt: outcome.receipt }, delivery.closeAs);
	if (outcome.inbound.length > 0) await receiveInbound(tx, delivery.integrationId, outcome.inbound);
	if (troubled) await clearTrouble(tx, delivery.integrationId);
};

/** Ends attempt and lease in one statement; answers with the delivery's status. Who answered or spoke of it meanwhile has it. */
const writeDelivered = async (
	tx: Tx<ProjectContext>,
	{ id, closeAs, deliveredAt }: DeliveryRow,
	{ attempt }: Claim,
	{ note, exchange, receipt }: Delivered,
	spoke: boolean,
): Promise<DeliveryStatus> => {
	const { rows } = await tx.db.execute<{ status: DeliveryStatus }>(sql`
		with ended as (
			update delivery_attempts
			set outcome = 'delivered', finished_at = clock_timestamp(), next_attempt_at = null, detail = ${note}, exchange = ${json(exchange)}
			where delivery_id = ${id} and number = ${attempt}
		)
		update message_deliveries
		set status = coalesce(${closeAs}, case
				when ${spoke || deliveredAt !== null} or exists (select from agent_responses where delivery_id = ${id}) then 'acknowledged'
				else 'delivered'
			end),
			reason = null, receipt = ${json(receipt)}, delivered_at = coalesce(delivered_at, now()),
			worker = null, lease_until = null, close_as = null, updated_at = now()
		where id = ${id}
		returning status`);
	if (!rows[0]) throw new Error("The locked delivery is gone.");
	return rows[0].status;
};

const json = (value: unknown) => sql`${value === null ? null : JSON.stringify(value)}::jsonb`;

/** Whether there is anything to take back of an integration once a message gets through. */
export const isTroubled = sql<boolean>`(${messagingIntegrations.health} <> 'healthy' or ${messagingIntegrations.unauthorizedSince} is not null
	or coalesce(${messagingIntegrations.heldUntil} <= now(), false))`;

const clearTrouble = (tx: Tx<ProjectContext>, integrationId: string) =>
	tx.db
		.update(messagingIntegrations)
		.set({ health: "healthy", unauthorizedSince: null, heldUntil: stillThrottled("held_until"), heldReason: stillThrottled("held_reason") })
		.where(eq(messagingIntegrations.id, integrationId));

/** What gets through proves the credentials; a rate limit that another attempt ran into meanwhile still holds. */
const stillThrottled = (column: "held_until" | "held_reason") =>
	sql`case when unauthorized_since is null and held_until > now() then ${sql.identifier(column)} end`;
