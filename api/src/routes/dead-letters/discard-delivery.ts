import { discardDelivery as discard } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const discardDelivery = procedure.deadLetters.discardDelivery.handler(({ context, input }) =>
	discard(inProject(context, input.params), input.params.deliveryId, input.body.reason),
);
