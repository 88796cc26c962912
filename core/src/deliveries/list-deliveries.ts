import type { Delivery } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { cursorId, type PageInput, toPage } from "../pagination.ts";
import { readDeliveries } from "./read-deliveries.ts";

type Query = PageInput &
	Partial<Record<"node_id" | "agent_request_id" | "integration_id", string | undefined>> &
	Partial<{ [Part in "status" | "kind"]: Delivery[Part] | undefined }>;

/** Deliveries, newest first; of one node, request, integration, kind or status if asked. */
export const listDeliveries = async (ctx: ProjectContext, query: Query): Promise<{ items: Delivery[]; next_cursor: string | null }> => {
	await authorize(ctx, "deliveries:read");
	const { deliveries } = await readDeliveries(ctx, {
		visible: true,
		status: query.status,
		kind: query.kind,
		nodeId: query.node_id,
		agentRequestId: query.agent_request_id,
		integrationId: query.integration_id,
		before: cursorId(query),
		limit: query.limit + 1,
	});
	return toPage(deliveries, query.limit, (delivery) => delivery);
};
