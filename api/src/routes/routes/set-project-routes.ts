import { setRoutes } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const setProjectRoutes = procedure.routes.setProjectRoutes.handler(({ context, input }) =>
	setRoutes(inProject(context, input.params), "project", input.body),
);
