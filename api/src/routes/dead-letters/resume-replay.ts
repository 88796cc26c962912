import { resumeReplay as resume } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const resumeReplay = procedure.deadLetters.resumeReplay.handler(({ context, input }) =>
	resume(inProject(context, input.params), input.params.jobId),
);
