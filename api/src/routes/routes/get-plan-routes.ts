import { getRoutes } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getPlanRoutes = procedure.routes.getPlanRoutes.handler(async ({ context, input }) => {
	const routes = await getRoutes(inProject(context, input.params), { planId: input.params.planId });
	context.reply.version(routes.version);
	return routes;
});
