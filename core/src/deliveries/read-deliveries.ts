import type { Delivery, MessageContent } from "@agentplanner/contracts";
import { agents, and, asc, deliveryAttempts, desc, eq, inArray, lt, messageDeliveries, messagingIntegrations } from "@agentplanner/db";
import type { ProjectContext } from "../context.ts";
import { presentDelivery } from "./present.ts";

type Filter = {
	id?: string;
	agentRequestId?: string | undefined;
	status?: Delivery["status"] | undefined;
	before?: string | null;
	limit?: number;
};

/** Deliveries with their attempts, and what each of them says; newest first where there is a limit, else in the order they were made. */
export const readDeliveries = async (
	ctx: ProjectContext,
	filter: Filter,
): Promise<{ deliveries: Delivery[]; contents: { id: string; content: MessageContent }[] }> => {
	const query = ctx.db
		.select({
			delivery: messageDeliveries,
			integrationName: messagingIntegrations.name,
			adapter: messagingIntegrations.adapter,
			agentName: agents.name,
		})
		.from(messageDeliveries)
		.innerJoin(messagingIntegrations, eq(messagingIntegrations.id, messageDeliveries.integrationId))
		.leftJoin(agents, eq(agents.id, messageDeliveries.agentId))
		.where(
			and(
				eq(messageDeliveries.projectId, ctx.projectId),
				filter.id ? eq(messageDeliveries.id, filter.id) : undefined,
				filter.agentRequestId ? eq(messageDeliveries.agentRequestId, filter.agentRequestId) : undefined,
				filter.status ? eq(messageDeliveries.status, filter.status) : undefined,
				filter.before ? lt(messageDeliveries.id, filter.before) : undefined,
			),
		)
		.orderBy(filter.limit ? desc(messageDeliveries.id) : asc(messageDeliveries.id));
	const rows = await (filter.limit ? query.limit(filter.limit) : query);
	const ids = rows.map(({ delivery }) => delivery.id);
	const attempts =
		ids.length === 0
			? []
			: await ctx.db.select().from(deliveryAttempts).where(inArray(deliveryAttempts.deliveryId, ids)).orderBy(asc(deliveryAttempts.number));
	const byDelivery = Map.groupBy(attempts, (attempt) => attempt.deliveryId);
	return {
		deliveries: rows.map((row) => presentDelivery(row, byDelivery.get(row.delivery.id) ?? [])),
		contents: rows.map(({ delivery }) => ({ id: delivery.id, content: delivery.content })),
	};
};
