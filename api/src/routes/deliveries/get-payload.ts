import { getPayload as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getPayload = procedure.deliveries.getPayload.handler(({ context, input }) =>
	get(inProject(context, input.params), input.params.deliveryId),
);
