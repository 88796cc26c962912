import { adapterById } from "@agentplanner/adapters";
import { authorize, sendMessage as send, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const sendMessage = procedure.messages.sendMessage.handler(({ context, input }) =>
	withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "messages.sendMessage",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorize(tx, "messages:send"),
		},
		(ctx) => send(ctx, input.body, adapterById),
	),
);
