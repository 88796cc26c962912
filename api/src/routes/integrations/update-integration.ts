import { authorize, openIntegration, parseIfMatch, updateIntegration as update } from "@agentplanner/core";
import { checkUrls } from "../../check-urls.ts";
import { inProject } from "../../context.ts";
import { findAdapter } from "../../find-adapter.ts";
import { procedure } from "../../procedure.ts";

export const updateIntegration = procedure.integrations.updateIntegration.handler(async ({ context, input }) => {
	const project = inProject(context, input.params);
	const { integrationId } = input.params;
	const expected = parseIfMatch(input.headers["if-match"]);
	await authorize(project, "integrations:write");
	const adapter = findAdapter((await openIntegration(project, integrationId)).adapter);
	if (input.body.settings) await checkUrls(project, adapter, input.body.settings);
	const integration = await update(project, integrationId, input.body, adapter, expected);
	context.reply.version(integration.version);
	return integration;
});
