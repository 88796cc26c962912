import { isOpenRequest, type MessageContent, type Receipt } from "@agentplanner/contracts";
import { agentRequests, and, eq, messageDeliveries, messagingIntegrations, projects, sql, timers } from "@agentplanner/db";
import { inTransaction, type ProjectContext } from "../context.ts";
import type { SealedIntegration } from "../integrations/open-integration.ts";
import { deleteTimers } from "../timers.ts";
import { lookInAgainMs } from "./claim-delivery.ts";
import { collectLater, collectTimer } from "./collect-later.ts";
import { deliveryColumns } from "./delivery-row.ts";

/** A delivery whose answer has to be fetched, with what fetching takes. */
export type Collection = {
	deliveryId: string;
	/** The appointment this is about: where another one stands by then, somebody else goes on. */
	timerId: string;
	/** How often looking failed in a row. */
	failures: number;
	agentRequestId: string;
	integration: SealedIntegration;
	address: string;
	content: MessageContent;
	receipt: Receipt;
};

const isAppointmentOf = (deliveryId: string) => and(eq(timers.subjectId, deliveryId), eq(timers.type, collectTimer));

/**
 * What is to be fetched now. Null: nothing, which is success. Where the request has ended or the delivery is closed, the timer goes; an
 * integration that is disabled or held is left alone until it isn't.
 */
export const readCollection = (ctx: ProjectContext, deliveryId: string): Promise<Collection | null> =>
	inTransaction<ProjectContext, Collection | null>(ctx, async (tx) => {
		// In one packet. The lock has a statement of its own: what is read behind it is as whoever held it has left it.
		const lock = tx.db.select({ id: timers.id }).from(timers).where(isAppointmentOf(deliveryId)).for("update").execute();
		const reading = tx.db
			.select({
				delivery: deliveryColumns,
				requestStatus: agentRequests.status,
				timer: { id: timers.id, data: timers.data },
				integration: {
					id: messagingIntegrations.id,
					adapter: messagingIntegrations.adapter,
					settings: messagingIntegrations.settings,
					credentials: messagingIntegrations.credentials,
					allowedNetworks: projects.allowedNetworks,
				},
				enabled: messagingIntegrations.enabled,
				heldForMs: sql<number>`greatest(extract(epoch from ${messagingIntegrations.heldUntil} - now()) * 1000, 0)`.mapWith(Number),
			})
			.from(messageDeliveries)
			.innerJoin(timers, isAppointmentOf(deliveryId))
			.innerJoin(agentRequests, eq(agentRequests.id, messageDeliveries.agentRequestId))
			.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, messageDeliveries.integrationId))
			.innerJoin(projects, eq(projects.id, messageDeliveries.projectId))
			.where(and(eq(messageDeliveries.projectId, tx.projectId), eq(messageDeliveries.id, deliveryId)))
			.execute();
		const [[locked], [found]] = await Promise.all([lock, reading]);
		if (!locked || !found) return null;
		const { delivery, requestStatus, timer, integration, enabled, heldForMs } = found;
		const { agentRequestId, address, content, receipt, status, collecting } = delivery;
		const there = status === "delivered" || status === "acknowledged";
		if (!there || !collecting || !receipt || !agentRequestId || !isOpenRequest(requestStatus)) {
			deleteTimers(tx, deliveryId, collectTimer);
			return null;
		}
		if (!enabled || heldForMs > 0) {
			collectLater(tx, deliveryId, { agentRequestId, inMs: enabled ? heldForMs : lookInAgainMs });
			return null;
		}
		const failures = Number(timer.data.failures ?? 0);
		return { deliveryId, timerId: timer.id, failures, agentRequestId, integration, address, content, receipt };
	});
