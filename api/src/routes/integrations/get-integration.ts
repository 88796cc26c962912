import { getIntegration as get } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const getIntegration = procedure.integrations.getIntegration.handler(async ({ context, input }) => {
	const integration = await get(inProject(context, input.params), input.params.integrationId);
	context.reply.version(integration.version);
	return integration;
});
