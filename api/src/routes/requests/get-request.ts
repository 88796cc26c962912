import { getRequest as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getRequest = procedure.requests.getRequest.handler(({ context, input }) =>
	get(inProject(context, input.params), input.params.requestId),
);
