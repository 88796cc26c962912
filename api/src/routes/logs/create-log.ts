import { authorizeNode, createLog as create, parseFence, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const createLog = procedure.logs.createLog.handler(({ context, input }) =>
	withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "logs.createLog",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorizeNode(tx, "plans:work", input.params.nodeId),
		},
		(ctx) => create(ctx, input.params.nodeId, input.body, parseFence(input.headers["claim-fence"])),
	),
);
