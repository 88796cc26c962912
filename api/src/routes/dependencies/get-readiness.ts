import { getReadiness as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getReadiness = procedure.dependencies.getReadiness.handler(({ context, input }) =>
	get(inProject(context, input.params), input.params.nodeId),
);
