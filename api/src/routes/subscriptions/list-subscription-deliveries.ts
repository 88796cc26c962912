import { listSubscriptionDeliveries as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listSubscriptionDeliveries = procedure.subscriptions.listSubscriptionDeliveries.handler(({ context, input }) =>
	list(inProject(context, input.params), input.params.subscriptionId, input.query),
);
