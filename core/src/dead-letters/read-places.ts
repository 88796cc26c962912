import type { DeadLetter } from "@agentplanner/contracts";
import { agentRequests, decisionRequests, eq, inArray, messageDeliveries, or, planNodes } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";

type Place = Pick<DeadLetter, "plan_id" | "node_id" | "title">;

/** What deliveries are about: the node of their request or decision, by the delivery's id. */
export const readPlaces = async ({ db }: ProjectContext, deliveryIds: string[]): Promise<Map<string, Place>> => {
	if (deliveryIds.length === 0) return new Map();
	const rows = await db
		.select({ id: messageDeliveries.id, plan_id: planNodes.planId, node_id: planNodes.id, title: planNodes.title })
		.from(messageDeliveries)
		.leftJoin(agentRequests, eq(agentRequests.id, messageDeliveries.agentRequestId))
		.leftJoin(decisionRequests, eq(decisionRequests.id, messageDeliveries.decisionId))
		.innerJoin(planNodes, or(eq(planNodes.id, agentRequests.nodeId), eq(planNodes.id, decisionRequests.nodeId)))
		.where(inArray(messageDeliveries.id, deliveryIds));
	return new Map(rows.map(({ id, ...place }) => [id, place]));
};
