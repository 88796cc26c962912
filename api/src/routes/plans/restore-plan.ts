import { restorePlan as restore } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const restorePlan = procedure.plans.restorePlan.handler(({ context, input }) =>
	restore(inProject(context, input.params), input.params.planId),
);
