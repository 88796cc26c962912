import { listDeadLetters as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listDeadLetters = procedure.deadLetters.listDeadLetters.handler(({ context, input }) =>
	list(inProject(context, input.params), input.query),
);
