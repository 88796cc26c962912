import { authorize, createGoal as create, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const createGoal = procedure.goals.createGoal.handler(({ context, input }) =>
	withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "goals.createGoal",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorize(tx, "goals:write"),
		},
		(ctx) => create(ctx, input.body),
	),
);
