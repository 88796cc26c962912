import type { Inbound } from "@agentplanner/contracts";
import { agentRequests, agents, and, eq, inArray, messageDeliveries, messagingIntegrations, sql } from "@agentplanner/db";
import type { ProjectContext, Tx } from "../context.ts";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const replies = sql<number>`(
	select count(*)::int from message_deliveries reply where reply.agent_request_id = ${agentRequests.id} and reply.kind in ('reply', 'decision_outcome')
)`;

export type SpokenOf = Awaited<ReturnType<typeof lockSpokenOf>>[number];

/**
 * Locks the requests that a batch speaks of, and `alsoRequestId`, in the order of ids, before anything of it is stored: whoever stores
 * the same thing at the same moment waits here, where it holds nothing that somebody else wants. Answers with the deliveries of this
 * integration that it speaks of, as they are behind the lock. The queries are on their way when the call returns.
 */
export const lockSpokenOf = async (
	tx: Tx<ProjectContext>,
	integrationId: string,
	inbound: Inbound[],
	alsoRequestId: string | null = null,
) => {
	const deliveryIds = inbound.flatMap((item) => ("deliveryId" in item && uuid.test(item.deliveryId) ? [item.deliveryId] : []));
	const isSpokenOf = and(
		eq(messageDeliveries.projectId, tx.projectId),
		eq(messageDeliveries.integrationId, integrationId),
		inArray(messageDeliveries.id, deliveryIds),
	);
	const theirRequests = tx.db.select({ id: messageDeliveries.agentRequestId }).from(messageDeliveries).where(isSpokenOf);
	const locking = tx.db
		.select({ id: agentRequests.id })
		.from(agentRequests)
		.where(
			and(eq(agentRequests.projectId, tx.projectId), sql`${agentRequests.id} = any(array(${theirRequests}) || ${alsoRequestId}::uuid)`),
		)
		.orderBy(agentRequests.id)
		.for("no key update")
		.execute();
	const finding = tx.db
		.select({
			id: messageDeliveries.id,
			agentRequestId: agentRequests.id,
			requestStatus: agentRequests.status,
			agentId: messageDeliveries.agentId,
			agentName: agents.name,
			integrationId: messageDeliveries.integrationId,
			integrationName: messagingIntegrations.name,
			address: messageDeliveries.address,
			replies,
		})
		.from(messageDeliveries)
		.innerJoin(agentRequests, eq(agentRequests.id, messageDeliveries.agentRequestId))
		.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, messageDeliveries.integrationId))
		.leftJoin(agents, eq(agents.id, messageDeliveries.agentId))
		.where(isSpokenOf)
		.execute();
	const [, found] = await Promise.all([locking, finding]);
	return found;
};
