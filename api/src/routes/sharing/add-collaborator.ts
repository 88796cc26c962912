import { addCollaborator as add, authorizePlan, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const addCollaborator = procedure.sharing.addCollaborator.handler(({ context, input }) =>
	withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "sharing.addCollaborator",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorizePlan(tx, "plans:manage", input.params.planId),
			// It may hold an invitation's token.
			shownOnce: true,
		},
		(ctx) => add(ctx, input.params.planId, input.body),
	),
);
