import { authorize, duplicatePlan as duplicate, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const duplicatePlan = procedure.plans.duplicatePlan.handler(({ context, input }) =>
	withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "plans.duplicatePlan",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorize(tx, "plans:write"),
		},
		(ctx) => duplicate(ctx, input.params.planId, input.body),
	),
);
