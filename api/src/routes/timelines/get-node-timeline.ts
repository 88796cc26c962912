import { getNodeTimeline as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getNodeTimeline = procedure.timelines.getNodeTimeline.handler(({ context, input }) =>
	get(inProject(context, input.params), input.params.nodeId, input.query),
);
