import { cancelRequest as cancel } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const cancelRequest = procedure.requests.cancelRequest.handler(({ context, input }) =>
	cancel(inProject(context, input.params), input.params.requestId),
);
