import { enableIntegration as enable } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const enableIntegration = procedure.integrations.enableIntegration.handler(({ context, input }) =>
	enable(inProject(context, input.params), input.params.integrationId),
);
