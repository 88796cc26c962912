import { getWords as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getWords = procedure.deliveries.getWords.handler(({ context, input }) =>
	get(inProject(context, input.params), input.params.deliveryId),
);
