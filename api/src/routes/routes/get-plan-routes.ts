import { getRoutes } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getPlanRoutes = procedure.routes.getPlanRoutes.handler(({ context, input }) =>
	getRoutes(inProject(context, input.params), { planId: input.params.planId }),
);
