import { setRoutes } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const setPlanRoutes = procedure.routes.setPlanRoutes.handler(({ context, input }) =>
	setRoutes(inProject(context, input.params), { planId: input.params.planId }, input.body),
);
