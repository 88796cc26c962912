import { disableIntegration as disable } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const disableIntegration = procedure.integrations.disableIntegration.handler(({ context, input }) =>
	disable(inProject(context, input.params), input.params.integrationId),
);
