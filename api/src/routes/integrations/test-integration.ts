import { authorize, listAddresses, openIntegration, recordIntegrationCheck } from "@agentplanner/core";
import { checkIntegration } from "../../check-integration.ts";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const testIntegration = procedure.integrations.testIntegration.handler(async ({ context, input }) => {
	const project = inProject(context, input.params);
	await authorize(project, "integrations:write");
	const integration = await openIntegration(project, input.params.integrationId);
	const addresses = new Set([...(input.body?.addresses ?? []), ...(await listAddresses(project, integration.id))]);
	const problems = await checkIntegration(integration, [...addresses], context.log);
	return recordIntegrationCheck(project, integration.id, problems);
});
