import { summarizeDeadLetters as summarize } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const summarizeDeadLetters = procedure.deadLetters.summarizeDeadLetters.handler(({ context, input }) =>
	summarize(inProject(context, input.params), input.query),
);
