import { getDecision as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getDecision = procedure.decisions.getDecision.handler(({ context, input }) =>
	get(inProject(context, input.params), input.params.decisionId),
);
