import { acknowledgeRequest as acknowledge } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const acknowledgeRequest = procedure.requests.acknowledgeRequest.handler(({ context, input }) =>
	acknowledge(inProject(context, input.params), input.params.requestId),
);
