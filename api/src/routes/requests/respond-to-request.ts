import { authorizeRequest, respondToRequest as respond, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const respondToRequest = procedure.requests.respondToRequest.handler(({ context, input }) =>
	withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "requests.respondToRequest",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorizeRequest(tx, "requests:answer", input.params.requestId),
		},
		(ctx) => respond(ctx, input.params.requestId, input.body),
	),
);
