import { startReplay as start } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const startReplay = procedure.deadLetters.startReplay.handler(({ context, input }) =>
	start(inProject(context, input.params), input.body),
);
