import { getPublicLink as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getPublicLink = procedure.sharing.getPublicLink.handler(({ context, input }) =>
	get(inProject(context, input.params), input.params.planId),
);
