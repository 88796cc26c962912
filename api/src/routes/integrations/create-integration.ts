import { authorize, createIntegration as create, withIdempotency } from "@agentplanner/core";
import { checkUrls } from "../../check-urls.ts";
import { inProject } from "../../context.ts";
import { findAdapter } from "../../find-adapter.ts";
import { procedure } from "../../procedure.ts";

export const createIntegration = procedure.integrations.createIntegration.handler(async ({ context, input }) => {
	const adapter = findAdapter(input.body.adapter);
	const project = inProject(context, input.params);
	await checkUrls(project, adapter, input.body.settings);
	return withIdempotency(
		project,
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "integrations.createIntegration",
			input: input.body,
			authorize: (tx) => authorize(tx, "integrations:write"),
		},
		(ctx) => create(ctx, input.body, adapter),
	);
});
