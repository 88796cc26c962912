import { authorize, createAgent as create, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const createAgent = procedure.agents.createAgent.handler(({ context, input }) =>
	withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "agents.createAgent",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorize(tx, "agents:write"),
		},
		(ctx) => create(ctx, input.body),
	),
);
