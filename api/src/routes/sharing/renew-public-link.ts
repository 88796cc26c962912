import { renewPublicLink as renew } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const renewPublicLink = procedure.sharing.renewPublicLink.handler(({ context, input }) =>
	renew(inProject(context, input.params), input.params.planId),
);
