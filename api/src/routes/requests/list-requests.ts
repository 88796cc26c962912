import { listRequests as list } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const listRequests = procedure.requests.listRequests.handler(({ context, input }) =>
	list(inProject(context, input.params), input.query),
);
