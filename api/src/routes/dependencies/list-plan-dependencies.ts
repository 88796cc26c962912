import { listPlanDependencies as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listPlanDependencies = procedure.dependencies.listPlanDependencies.handler(({ context, input }) =>
	list(inProject(context, input.params), input.params.planId, input.query),
);
