import type { Inbound, Received, ThreadReply } from "@agentplanner/contracts";
import { and, eq, inArray, isNotNull, messageDeliveries, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";
import { DomainError } from "../errors.ts";

/** Turns what was said in threads under requests of this integration's into answers; what was said in other threads is left out. */
export const resolveThreads = async (tx: Tx<ProjectContext>, integrationId: string, received: Received[]): Promise<Inbound[]> => {
	const inbound: Inbound[] = [];
	for (const item of received) {
		if (item.type !== "thread_reply") {
			inbound.push(item);
			continue;
		}
		const { type: _, platformId: __, address: ___, ...words } = item;
		const deliveryId = await findRoot(tx, integrationId, item);
		if (deliveryId) inbound.push({ type: "answer", deliveryId, ...words });
	}
	return inbound;
};

const findRoot = async (tx: Tx<ProjectContext>, integrationId: string, { platformId, address }: ThreadReply): Promise<string | null> => {
	const ofIntegration = and(eq(messageDeliveries.projectId, tx.projectId), eq(messageDeliveries.integrationId, integrationId));
	const [root] = await tx.db
		.select({ id: messageDeliveries.id })
		.from(messageDeliveries)
		.where(
			and(ofIntegration, isNotNull(messageDeliveries.agentRequestId), sql`${messageDeliveries.receipt} ->> 'platformId' = ${platformId}`),
		)
		.limit(1);
	if (root) return root.id;
	const [underWay] = await tx.db
		.select({ id: messageDeliveries.id })
		.from(messageDeliveries)
		.where(and(ofIntegration, inArray(messageDeliveries.status, ["sending", "unknown"]), eq(messageDeliveries.address, address)))
		.limit(1);
	// Somebody may have answered before we know that the question arrived.
	if (underWay)
		throw new DomainError(
			"unavailable",
			"A message to this channel is still on its way, and this may be an answer to it. Send it again soon.",
		);
	return null;
};
