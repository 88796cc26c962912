import { pauseReplay as pause } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const pauseReplay = procedure.deadLetters.pauseReplay.handler(({ context, input }) =>
	pause(inProject(context, input.params), input.params.jobId),
);
