import { parseIfMatch, updateComment as update } from "@agentplanner/core";
import { inProject } from "../../context.ts";
import { procedure } from "../../procedure.ts";

export const updateComment = procedure.comments.updateComment.handler(async ({ context, input }) => {
	const expected = parseIfMatch(input.headers["if-match"]);
	const comment = await update(inProject(context, input.params), input.params.commentId, input.body, expected);
	context.reply.version(comment.version);
	return comment;
});
