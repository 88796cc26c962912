import { authorizeCreateDecision, createDecision as create, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const createDecision = procedure.decisions.createDecision.handler(({ context, input }) =>
	withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "decisions.createDecision",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorizeCreateDecision(tx, input.body),
		},
		(ctx) => create(ctx, input.body),
	),
);
