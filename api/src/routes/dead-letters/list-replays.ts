import { listReplays as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listReplays = procedure.deadLetters.listReplays.handler(({ context, input }) =>
	list(inProject(context, input.params), input.query),
);
