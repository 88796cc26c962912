import { setNodeStatuses as setStatuses } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const setNodeStatuses = procedure.nodes.setNodeStatuses.handler(({ context, input }) =>
	setStatuses(inProject(context, input.params), input.params.planId, input.body),
);
