import { addDependency as add, authorizeNode, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const addDependency = procedure.dependencies.addDependency.handler(({ context, input }) =>
	withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "dependencies.addDependency",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorizeNode(tx, "plans:write", input.params.nodeId),
		},
		(ctx) => add(ctx, input.params.nodeId, input.body),
	),
);
