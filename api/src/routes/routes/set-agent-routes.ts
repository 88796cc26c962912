import { setRoutes } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const setAgentRoutes = procedure.routes.setAgentRoutes.handler(({ context, input }) =>
	setRoutes(inProject(context, input.params), { agentId: input.params.agentId }, input.body),
);
