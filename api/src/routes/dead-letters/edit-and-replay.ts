import { authorizeEditing, editAndReplay as edit, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const editAndReplay = procedure.deadLetters.editAndReplay.handler(({ context, input }) =>
	withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "deadLetters.editAndReplay",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorizeEditing(tx, input.params.deliveryId),
		},
		(ctx) => edit(ctx, input.params.deliveryId, input.body),
	),
);
