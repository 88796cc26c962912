import type { Delivery, DeliveryStatus } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { cursorId, type PageInput, toPage } from "../pagination.ts";
import { readDeliveries } from "./read-deliveries.ts";

/** Deliveries, newest first; of one request or in one status if asked. */
export const listDeliveries = async (
	ctx: ProjectContext,
	query: PageInput & { status?: DeliveryStatus | undefined; agent_request_id?: string | undefined },
): Promise<{ items: Delivery[]; next_cursor: string | null }> => {
	await authorize(ctx, "deliveries:read");
	const { deliveries } = await readDeliveries(ctx, {
		status: query.status,
		agentRequestId: query.agent_request_id,
		before: cursorId(query),
		limit: query.limit + 1,
	});
	return toPage(deliveries, query.limit, (delivery) => delivery);
};
