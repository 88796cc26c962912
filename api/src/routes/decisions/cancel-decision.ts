import { cancelDecision as cancel } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const cancelDecision = procedure.decisions.cancelDecision.handler(({ context, input }) =>
	cancel(inProject(context, input.params), input.params.decisionId),
);
