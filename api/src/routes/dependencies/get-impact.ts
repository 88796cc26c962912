import { getImpact as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getImpact = procedure.dependencies.getImpact.handler(({ context, input }) =>
	get(inProject(context, input.params), input.params.nodeId, input.query.finish_at),
);
