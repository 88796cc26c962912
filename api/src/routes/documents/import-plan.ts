import { authorize, importPlan as importFrom, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const importPlan = procedure.documents.importPlan.handler(({ context, input }) =>
	withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "documents.importPlan",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorize(tx, "plans:write"),
		},
		(ctx) => importFrom(ctx, input.body),
	),
);
