import { reopenComment as reopen } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const reopenComment = procedure.comments.reopenComment.handler(({ context, input }) =>
	reopen(inProject(context, input.params), input.params.commentId),
);
