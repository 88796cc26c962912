import { getRoutes } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getAgentRoutes = procedure.routes.getAgentRoutes.handler(async ({ context, input }) => {
	const routes = await getRoutes(inProject(context, input.params), { agentId: input.params.agentId });
	context.reply.version(routes.version);
	return routes;
});
