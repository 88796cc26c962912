import { authorizePlan, createNode as create, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const createNode = procedure.plans.createNode.handler(({ context, input }) =>
	withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "plans.createNode",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorizePlan(tx, "plans:write", input.params.planId),
		},
		(ctx) => create(ctx, input.params.planId, input.body),
	),
);
