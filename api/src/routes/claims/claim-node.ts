import { authorize, claimNode as claim, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const claimNode = procedure.claims.claimNode.handler(({ context, input }) =>
	withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "claims.claimNode",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorize(tx, "plans:work"),
		},
		(ctx) => claim(ctx, input.params.nodeId, input.body),
	),
);
