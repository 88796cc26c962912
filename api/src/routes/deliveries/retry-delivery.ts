import { retryDelivery as retry } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const retryDelivery = procedure.deliveries.retryDelivery.handler(({ context, input }) =>
	retry(inProject(context, input.params), input.params.deliveryId),
);
