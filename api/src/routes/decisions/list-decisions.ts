import { listDecisions as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listDecisions = procedure.decisions.listDecisions.handler(({ context, input }) =>
	list(inProject(context, input.params), input.query),
);
