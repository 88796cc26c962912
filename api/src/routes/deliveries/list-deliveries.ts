import { listDeliveries as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listDeliveries = procedure.deliveries.listDeliveries.handler(({ context, input }) =>
	list(inProject(context, input.params), input.query),
);
