import { reportProgress as report } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const reportProgress = procedure.requests.reportProgress.handler(({ context, input }) =>
	report(inProject(context, input.params), input.params.requestId, input.body),
);
