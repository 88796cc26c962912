import { addMember as add, authorizeRole, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const addMember = procedure.members.addMember.handler(({ context, input }) =>
	withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "members.addMember",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorizeRole(tx, input.body.role),
		},
		(ctx) => add(ctx, input.body),
	),
);
