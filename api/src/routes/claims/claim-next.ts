import { authorize, claimNext as claim, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const claimNext = procedure.claims.claimNext.handler(({ context, input }) =>
	withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "claims.claimNext",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorize(tx, "plans:work"),
		},
		(ctx) => claim(ctx, input.body),
	),
);
