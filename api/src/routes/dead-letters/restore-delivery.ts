import { restoreDelivery as restore } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const restoreDelivery = procedure.deadLetters.restoreDelivery.handler(({ context, input }) =>
	restore(inProject(context, input.params), input.params.deliveryId),
);
