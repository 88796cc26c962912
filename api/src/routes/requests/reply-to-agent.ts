import { authorize, replyToAgent as reply, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const replyToAgent = procedure.requests.replyToAgent.handler(({ context, input }) =>
	withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "requests.replyToAgent",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorize(tx, "requests:create"),
		},
		(ctx) => reply(ctx, input.params.requestId, input.body),
	),
);
