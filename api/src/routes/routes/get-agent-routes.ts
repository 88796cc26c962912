import { getRoutes } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getAgentRoutes = procedure.routes.getAgentRoutes.handler(({ context, input }) =>
	getRoutes(inProject(context, input.params), { agentId: input.params.agentId }),
);
