import { authorizeNode, createComment, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const createNodeComment = procedure.comments.createNodeComment.handler(({ context, input }) => {
	const { nodeId } = input.params;
	return withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "comments.createNodeComment",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorizeNode(tx, "comments:write", nodeId),
		},
		(ctx) => createComment(ctx, { nodeId }, input.body),
	);
});
