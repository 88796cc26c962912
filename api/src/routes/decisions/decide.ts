import { decide as decideOnce } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const decide = procedure.decisions.decide.handler(({ context, input }) =>
	decideOnce(inProject(context, input.params), input.params.decisionId, input.body),
);
