import { undoPlanChange as undo } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const undoPlanChange = procedure.nodes.undoPlanChange.handler(({ context, input }) =>
	undo(inProject(context, input.params), input.params.planId, input.params.changeId),
);
