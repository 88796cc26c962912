import { resolveComment as resolve } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const resolveComment = procedure.comments.resolveComment.handler(({ context, input }) =>
	resolve(inProject(context, input.params), input.params.commentId),
);
