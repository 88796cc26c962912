import { getRoutes } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getProjectRoutes = procedure.routes.getProjectRoutes.handler(({ context, input }) =>
	getRoutes(inProject(context, input.params), "project"),
);
