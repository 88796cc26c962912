import { listPlanChanges as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listPlanChanges = procedure.nodes.listPlanChanges.handler(({ context, input }) =>
	list(inProject(context, input.params), input.params.planId, input.query),
);
