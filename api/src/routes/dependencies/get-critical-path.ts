import { getCriticalPath as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getCriticalPath = procedure.dependencies.getCriticalPath.handler(({ context, input }) =>
	get(inProject(context, input.params), input.params.planId),
);
