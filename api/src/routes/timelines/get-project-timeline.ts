import { getProjectTimeline as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getProjectTimeline = procedure.timelines.getProjectTimeline.handler(({ context, input }) =>
	get(inProject(context, input.params), input.query),
);
