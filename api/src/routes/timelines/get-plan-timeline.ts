import { getPlanTimeline as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getPlanTimeline = procedure.timelines.getPlanTimeline.handler(({ context, input }) =>
	get(inProject(context, input.params), input.params.planId, input.query),
);
