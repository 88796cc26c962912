import { discardDeadLetters as discard } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const discardDeadLetters = procedure.deadLetters.discardDeadLetters.handler(({ context, input }) =>
	discard(inProject(context, input.params), input.body.filter, input.body.reason),
);
