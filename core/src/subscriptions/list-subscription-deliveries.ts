import type { Delivery } from "@agentplanner/contracts";
import { authorize } from "../authorize.ts";
import type { ProjectContext } from "../context.ts";
import { readDeliveries } from "../deliveries/read-deliveries.ts";
import { cursorId, type PageInput, toPage } from "../pagination.ts";
import { loadSubscription } from "./queries.ts";

/** What was sent to a subscription, newest first, with every attempt. Throws NotFoundError, and ForbiddenError below admin. */
export const listSubscriptionDeliveries = async (
	ctx: ProjectContext,
	subscriptionId: string,
	query: PageInput & { status?: Delivery["status"] | undefined },
): Promise<{ items: Delivery[]; next_cursor: string | null }> => {
	await authorize(ctx, "subscriptions:manage");
	await loadSubscription(ctx, subscriptionId);
	const { deliveries } = await readDeliveries(ctx, {
		subscriptionId,
		status: query.status,
		before: cursorId(query),
		limit: query.limit + 1,
	});
	return toPage(deliveries, query.limit, (delivery) => delivery);
};
