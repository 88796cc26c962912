import { authorize, createPlan as create, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const createPlan = procedure.plans.createPlan.handler(({ context, input }) =>
	withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "plans.createPlan",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorize(tx, "plans:write"),
		},
		(ctx) => create(ctx, input.body),
	),
);
