import type { Inbound } from "@agentplanner/contracts";
import { and, eq, inArray, messageDeliveries } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { lockRequests } from "../requests/lock-request.ts";

export const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Locks the requests that a batch speaks of, and `more`, before anything of it is stored: whoever stores the same thing at the same
 * moment waits here, where it holds nothing that somebody else wants.
 */
export const lockSpokenOf = async (tx: Tx<ProjectContext>, integrationId: string, inbound: Inbound[], ...more: string[]): Promise<void> => {
	const deliveryIds = inbound.flatMap((item) => ("deliveryId" in item && uuid.test(item.deliveryId) ? [item.deliveryId] : []));
	const found =
		deliveryIds.length === 0
			? []
			: await tx.db
					.select({ id: messageDeliveries.agentRequestId })
					.from(messageDeliveries)
					.where(
						and(
							eq(messageDeliveries.projectId, tx.projectId),
							eq(messageDeliveries.integrationId, integrationId),
							inArray(messageDeliveries.id, deliveryIds),
						),
					);
	await lockRequests(tx, [...new Set([...more, ...found.flatMap(({ id }) => (id ? [id] : []))])]);
};
