import { authorizePlan, createComment, withIdempotency } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const createPlanComment = procedure.comments.createPlanComment.handler(({ context, input }) => {
	const { planId } = input.params;
	return withIdempotency(
		inProject(context, input.params),
		{
			key: input.headers["idempotency-key"] ?? null,
			operation: "comments.createPlanComment",
			input: { params: input.params, body: input.body },
			authorize: (tx) => authorizePlan(tx, "comments:write", planId),
		},
		(ctx) => createComment(ctx, { planId }, input.body),
	);
});
