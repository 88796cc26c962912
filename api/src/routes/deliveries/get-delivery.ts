import { getDelivery as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getDelivery = procedure.deliveries.getDelivery.handler(({ context, input }) =>
	get(inProject(context, input.params), input.params.deliveryId),
);
