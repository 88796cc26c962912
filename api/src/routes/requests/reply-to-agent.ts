import { authorizeRequest, replyToAgent as reply, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const replyToAgent = procedure.requests.replyToAgent.handler(({ context, input }) =>
	withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "requests.replyToAgent",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorizeRequest(tx, "requests:create", input.params.requestId),
		},
		(ctx) => reply(ctx, input.params.requestId, input.body),
	),
);
