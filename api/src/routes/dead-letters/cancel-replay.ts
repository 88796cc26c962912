import { cancelReplay as cancel } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const cancelReplay = procedure.deadLetters.cancelReplay.handler(({ context, input }) =>
	cancel(inProject(context, input.params), input.params.jobId),
);
