import { authorizeToken, createToken as create, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const createToken = procedure.tokens.createToken.handler(({ context, input }) =>
	withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "tokens.createToken",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorizeToken(tx, input.body),
			shownOnce: true,
		},
		(ctx) => create(ctx, input.body),
	),
);
