import { getReplay as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getReplay = procedure.deadLetters.getReplay.handler(({ context, input }) =>
	get(inProject(context, input.params), input.params.jobId),
);
