import { getRoutes } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getProjectRoutes = procedure.routes.getProjectRoutes.handler(async ({ context, input }) => {
	const routes = await getRoutes(inProject(context, input.params), "project");
	context.reply.version(routes.version);
	return routes;
});
