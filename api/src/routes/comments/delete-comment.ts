import { deleteComment as remove } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const deleteComment = procedure.comments.deleteComment.handler(async ({ context, input }) => {
	await remove(inProject(context, input.params), input.params.commentId);
	return {};
});
