import { authorizeNode, createRequest as create, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const createRequest = procedure.requests.createRequest.handler(({ context, input }) =>
	withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "requests.createRequest",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorizeNode(tx, "requests:create", input.body.node_id),
		},
		(ctx) => create(ctx, input.body),
	),
);
