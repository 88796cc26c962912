import { getNextTask } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getPlanNextTask = procedure.dependencies.getPlanNextTask.handler(({ context, input }) =>
	getNextTask(inProject(context, input.params), input.params.planId, input.query),
);
