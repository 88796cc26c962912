import { getIntegration, parseIfMatch, updateIntegration as update } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { findAdapter } from "../../find-adapter.ts";
import { procedure } from "../../procedure.ts";

export const updateIntegration = procedure.integrations.updateIntegration.handler(async ({ context, input }) => {
	const project = inProject(context, input.params);
	const { integrationId } = input.params;
	const expected = parseIfMatch(input.headers["if-match"]);
	const { adapter } = await getIntegration(project, integrationId);
	const integration = await update(project, integrationId, input.body, findAdapter(adapter), expected);
	context.reply.version(integration.version);
	return integration;
});
