import { authorizeRole, createInvitation as create, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const createInvitation = procedure.members.createInvitation.handler(({ context, input }) =>
	withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "members.createInvitation",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorizeRole(tx, input.body.role),
			shownOnce: true,
		},
		(ctx) => create(ctx, input.body),
	),
);
