import { createIntegration as create, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { findAdapter } from "../../find-adapter.ts";
import { procedure } from "../../procedure.ts";

export const createIntegration = procedure.integrations.createIntegration.handler(({ context, input }) => {
	const adapter = findAdapter(input.body.adapter);
	return withIdempotency(
		inProject(context, input.params),
		{ key: input.headers["idempotency-key"] ?? null, operation: "integrations.createIntegration", input: input.body },
		(tx) => create(tx, input.body, adapter),
	);
});
